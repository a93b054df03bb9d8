-- What happened to agents.
CREATE TABLE event (
  number BIGINT PRIMARY KEY,
  time BIGINT NOT NULL,
  agent VARCHAR(32) NOT NULL,
  kind VARCHAR(40) NOT NULL,
  link VARCHAR(63) NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX event_of_agent ON event (agent, number);
