-- Whoever has the address that `init` printed may make the first user; kept as a hash.
CREATE TABLE set_up (
  hash VARCHAR(64) PRIMARY KEY,
  expires BIGINT NOT NULL
);
