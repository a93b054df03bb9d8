-- The server that a client uses until it has proved that it reaches its new one; empty if it does not move.
ALTER TABLE assignment ADD COLUMN leaving VARCHAR(32) NOT NULL DEFAULT '';
