-- Times are milliseconds since 1970; flags are 0 or 1; lists are separated by commas.

CREATE TABLE fleet (
  id INTEGER PRIMARY KEY,
  epoch BIGINT NOT NULL
);
INSERT INTO fleet (id, epoch) VALUES (1, 0);

CREATE TABLE secret (
  name VARCHAR(100) PRIMARY KEY,
  sealed TEXT NOT NULL
);

CREATE TABLE account (
  login VARCHAR(63) PRIMARY KEY,
  password TEXT NOT NULL,
  role VARCHAR(20) NOT NULL,
  disabled INTEGER NOT NULL,
  created BIGINT NOT NULL
);

CREATE TABLE session (
  hash VARCHAR(64) PRIMARY KEY,
  login VARCHAR(63) NOT NULL REFERENCES account (login),
  address VARCHAR(64) NOT NULL,
  created BIGINT NOT NULL,
  seen BIGINT NOT NULL
);

CREATE TABLE api_token (
  id VARCHAR(16) PRIMARY KEY,
  hash VARCHAR(64) NOT NULL,
  login VARCHAR(63) NOT NULL REFERENCES account (login),
  note VARCHAR(100) NOT NULL,
  scopes TEXT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL
);

CREATE TABLE enrol_token (
  id VARCHAR(16) PRIMARY KEY,
  verifier TEXT NOT NULL,
  role VARCHAR(10) NOT NULL,
  approval VARCHAR(10) NOT NULL,
  endpoints TEXT NOT NULL,
  uses INTEGER NOT NULL,
  used INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked INTEGER NOT NULL,
  author VARCHAR(100) NOT NULL
);

CREATE TABLE node (
  id VARCHAR(32) PRIMARY KEY,
  identity_key VARCHAR(44) NOT NULL UNIQUE,
  tunnel_key VARCHAR(44) NOT NULL,
  role VARCHAR(10) NOT NULL,
  name VARCHAR(63) NOT NULL UNIQUE,
  state VARCHAR(10) NOT NULL,
  addresses TEXT NOT NULL,
  endpoints TEXT NOT NULL,
  system VARCHAR(100) NOT NULL,
  version VARCHAR(100) NOT NULL
);

CREATE TABLE assignment (
  client VARCHAR(32) PRIMARY KEY,
  server VARCHAR(32) NOT NULL
);

CREATE TABLE config_revision (
  agent VARCHAR(32) NOT NULL,
  revision BIGINT NOT NULL,
  hash VARCHAR(64) NOT NULL,
  document TEXT NOT NULL,
  state VARCHAR(20) NOT NULL,
  reason TEXT NOT NULL,
  author VARCHAR(100) NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  PRIMARY KEY (agent, revision)
);

CREATE TABLE audit (
  number BIGINT PRIMARY KEY,
  time BIGINT NOT NULL,
  actor VARCHAR(100) NOT NULL,
  address VARCHAR(64) NOT NULL,
  action VARCHAR(40) NOT NULL,
  object VARCHAR(100) NOT NULL,
  detail TEXT NOT NULL,
  previous VARCHAR(64) NOT NULL,
  hash VARCHAR(64) NOT NULL
);
