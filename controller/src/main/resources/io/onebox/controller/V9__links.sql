-- Settings of a client's links, in JSON; empty where nobody has set any.
ALTER TABLE node ADD COLUMN links TEXT NOT NULL DEFAULT '';
ALTER TABLE config_revision ADD COLUMN links TEXT NOT NULL DEFAULT '';
