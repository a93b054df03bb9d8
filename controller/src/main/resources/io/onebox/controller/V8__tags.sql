-- Words by which people group agents, and those an agent gets with its token.
ALTER TABLE node ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE enrol_token ADD COLUMN tags TEXT NOT NULL DEFAULT '';
