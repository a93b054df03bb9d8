-- Who is told of events, of which, and what waits to be told.
CREATE TABLE webhook (
  id VARCHAR(32) PRIMARY KEY,
  url VARCHAR(500) NOT NULL,
  secret TEXT NOT NULL,
  created BIGINT NOT NULL,
  author VARCHAR(100) NOT NULL
);

CREATE TABLE webhook_kind (
  webhook VARCHAR(32) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  PRIMARY KEY (webhook, kind)
);

CREATE TABLE delivery (
  webhook VARCHAR(32) NOT NULL,
  event BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  due BIGINT NOT NULL,
  PRIMARY KEY (webhook, event)
);
CREATE INDEX delivery_due ON delivery (due);
