-- Who used which enrolment token, and from where one may be used.
CREATE TABLE enrol_token_use (
  token VARCHAR(16) NOT NULL,
  identity_key VARCHAR(44) NOT NULL,
  agent VARCHAR(32) NOT NULL,
  name VARCHAR(63) NOT NULL,
  address VARCHAR(64) NOT NULL,
  time BIGINT NOT NULL,
  PRIMARY KEY (token, identity_key)
);
ALTER TABLE enrol_token ADD COLUMN networks TEXT NOT NULL DEFAULT '';

-- Keys that want to be those of a known agent; empty where nobody does.
ALTER TABLE node ADD COLUMN claim_identity_key VARCHAR(44) NOT NULL DEFAULT '';
ALTER TABLE node ADD COLUMN claim_tunnel_key VARCHAR(44) NOT NULL DEFAULT '';
ALTER TABLE node ADD COLUMN claim_system VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE node ADD COLUMN claim_version VARCHAR(100) NOT NULL DEFAULT '';

-- When an API token was last used; 0 is never.
ALTER TABLE api_token ADD COLUMN used BIGINT NOT NULL DEFAULT 0;
