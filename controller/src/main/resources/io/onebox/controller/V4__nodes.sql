-- Several nodes share a database. The mark tells a change from one that was undone.
ALTER TABLE fleet ADD COLUMN mark BIGINT NOT NULL DEFAULT 0;

-- The nodes there are; one whose beats stand still is dead or frozen.
CREATE TABLE controller_node (
  id VARCHAR(32) PRIMARY KEY,
  url VARCHAR(200) NOT NULL,
  version VARCHAR(100) NOT NULL,
  beats BIGINT NOT NULL
);

-- Which node has the connection of an agent.
CREATE TABLE presence (
  agent VARCHAR(32) PRIMARY KEY,
  node VARCHAR(32) NOT NULL
);
CREATE INDEX presence_of_node ON presence (node);

-- What somebody had set when a revision was made; empty where it was made before this.
ALTER TABLE config_revision ADD COLUMN name VARCHAR(63) NOT NULL DEFAULT '';
ALTER TABLE config_revision ADD COLUMN endpoints TEXT NOT NULL DEFAULT '';
ALTER TABLE config_revision ADD COLUMN server VARCHAR(32) NOT NULL DEFAULT '';
