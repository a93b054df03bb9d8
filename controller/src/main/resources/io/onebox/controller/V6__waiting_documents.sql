-- Agents whose configuration is to be made anew, soon.
CREATE TABLE waiting_document (
  agent VARCHAR(32) PRIMARY KEY,
  author VARCHAR(100) NOT NULL
);
CREATE INDEX config_revision_state ON config_revision (state);
