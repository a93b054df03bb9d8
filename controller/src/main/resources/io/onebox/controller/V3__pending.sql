-- Since when an agent waits for approval.
CREATE TABLE pending (
  agent VARCHAR(32) PRIMARY KEY,
  since BIGINT NOT NULL
);
