-- Agents that are to make new keys, and the keys they had before, accepted for a while.
CREATE TABLE rekey (
  agent VARCHAR(32) PRIMARY KEY
);

CREATE TABLE earlier_key (
  agent VARCHAR(32) NOT NULL,
  identity_key VARCHAR(44) NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (agent, identity_key)
);
