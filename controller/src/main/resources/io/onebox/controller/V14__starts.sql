-- The start of an agent that is connected and the one before, by the words of their hellos, and whether they are two
-- machines: one that came back to any node after the other.
ALTER TABLE presence ADD COLUMN start_now TEXT NOT NULL DEFAULT '';
ALTER TABLE presence ADD COLUMN start_before TEXT NOT NULL DEFAULT '';
ALTER TABLE presence ADD COLUMN are_two INTEGER NOT NULL DEFAULT 0;
