-- Requests that came with an Idempotency-Key, as hashes, and what they were answered: sealed, as it may hold a secret,
-- and empty while it is being done.
CREATE TABLE idempotency_key (
  hash VARCHAR(64) PRIMARY KEY,
  request VARCHAR(64) NOT NULL,
  time BIGINT NOT NULL,
  answer TEXT NOT NULL
);
CREATE INDEX idempotency_key_time ON idempotency_key (time);
