-- What a controller of 2026-11-25, the first with webhooks, had in its database; later tables come later. The keys
-- and what they seal come from the test.
UPDATE fleet SET epoch = 41, mark = 4711 WHERE id = 1;

INSERT INTO account (login, password, role, disabled, created) VALUES
  ('alice',
    '$argon2id$v=19$m=19456,t=2,p=1$2+imVjgXMsPLowo2wE26GQ$gJmSx5H7lw4vvXRXioBmoi69KgGEfuWyUq+FtOBVdoY',
    'owner', 0, 1795629600000),
  ('bob',
    '$argon2id$v=19$m=19456,t=2,p=1$FgzupFwpVRkv/+ljNI9Jsw$DbtXLLr5dWQQo8Yuet3yK9P/meJBVlvtcVt17It+iuw',
    'viewer', 1, 1795629600000);
INSERT INTO api_token (id, hash, login, note, scopes, created, expires) VALUES
  ('0a1b2c3d', '73337f479fe170d73e53e247f3052e4243cc9c2a0ffa621853d9385c619efb77', 'alice', 'grafana',
    'agents:read,audit:read', 1795629600000, 4102444800000);
INSERT INTO enrol_token (id, verifier, role, approval, endpoints, uses, used, failures, created, expires,
    revoked, author) VALUES
  ('0707070707070707', '', 'client', 'auto', '', 5, 2, 1, 1795629600000, 4102444800000, 0, 'user:alice');

INSERT INTO node (id, identity_key, tunnel_key, role, name, state, addresses, endpoints, system, version) VALUES
  ('00000000000000a1', 'iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=',
    'BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'server', 'frankfurt', 'active', '10.77.0.1/16,fd77::1/48', 'server.example.net:51820', 'linux', '1'),
  ('00000000000000a2', 'gTl3Dqh9F19Wo1Rmw0x+zMuNipG07jeiXfYPW4/Js5Q=',
    'CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'client', 'van', 'active', '10.77.0.2/16,fd77::2/48', '', 'linux', '1'),
  ('00000000000000a3', '7UkoxijRwsbq6QM4kFmVYSlZJzpcY/k2NsFGFKyHN9E=',
    'DAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'client', 'bus', 'disabled', '10.77.0.3/16,fd77::3/48', '', 'linux', '1'),
  ('00000000000000a4', 'ypOsFwUYcHHWe4PH/w7+gQjo7EUwV113JoeTM9vavnw=',
    'EAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'client', 'boat', 'pending', '', '', 'linux', '1');
INSERT INTO pending (agent, since) VALUES
  ('00000000000000a4', 1795629600000);
INSERT INTO assignment (client, server) VALUES
  ('00000000000000a2', '00000000000000a1'),
  ('00000000000000a3', '00000000000000a1');

INSERT INTO config_revision (agent, revision, hash, document, state, reason, author, created, changed,
    name, endpoints, server) VALUES
  ('00000000000000a2', 1, '100d9a92905d9cc44c736e6419cbc20a2b18b96b8ca38768950b4983ff8c6104',
    '{"control":{"enabled":false,"confirm-seconds":60}}',
    'superseded', '', 'user:alice', 1795629600000, 1795629600000, '', '', ''),
  ('00000000000000a2', 2, '889300819958fad0743717be06edbe3cc2cb59b8b5a986453edb562e2096f916',
    '{"control":{"enabled":true,"confirm-seconds":60},"server":{"endpoints":["server.example.net:51820"],'
      || '"public-key":"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},'
      || '"tunnel":{"addresses":["10.77.0.2/32","fd77::2/128"]}}',
    'applied', '', 'user:alice', 1795629600000, 1795629600000, 'van', '', '00000000000000a1'),
  ('00000000000000a3', 1, '100d9a92905d9cc44c736e6419cbc20a2b18b96b8ca38768950b4983ff8c6104',
    '{"control":{"enabled":false,"confirm-seconds":60}}',
    'rolled back', 'no server was reached', 'user:alice', 1795629600000, 1795629600000, 'bus', '', '00000000000000a1');

INSERT INTO event (number, time, agent, kind, link, detail) VALUES
  (1, 1795629600000, '00000000000000a2', 'link.down', 'lte0', 'lost'),
  (2, 1795629601000, '00000000000000a2', 'agent.offline', '', '');
INSERT INTO webhook (id, url, secret, created, author) VALUES
  ('0e0e0e0e0e0e0e0e', 'https://hook.example/x', '', 1795629600000, 'user:alice');
INSERT INTO webhook_kind (webhook, kind) VALUES
  ('0e0e0e0e0e0e0e0e', 'link.down');
INSERT INTO delivery (webhook, event, attempts, due) VALUES
  ('0e0e0e0e0e0e0e0e', 1, 3, 4102444800000);
INSERT INTO controller_node (id, url, version, beats) VALUES
  ('0000000000000001', 'https://127.0.0.1', '1', 9);
INSERT INTO presence (agent, node) VALUES
  ('00000000000000a2', '0000000000000001');

INSERT INTO audit (number, time, actor, address, action, object, detail, previous, hash) VALUES
  (1, 1795629660000, 'local', 'local', 'user.add',
    'alice',
    'role=owner',
    '',
    'a4180c9a4411308848a9044d42e4cf20e36e8f5f3ebecfe36f304db963d8294c'),
  (2, 1795629720000, 'user:alice', '192.0.2.7', 'login',
    'alice',
    '',
    'a4180c9a4411308848a9044d42e4cf20e36e8f5f3ebecfe36f304db963d8294c',
    '09a528b5126f1ab5957a2ee65d987de21358d19111a5c22e9b3287d4a5621ac4'),
  (3, 1795629780000, 'agent:van', '192.0.2.8', 'agent.enrol',
    '00000000000000a2',
    'none -> [addresses=[10.77.0.2/16], name=van, state=active]',
    '09a528b5126f1ab5957a2ee65d987de21358d19111a5c22e9b3287d4a5621ac4',
    'c2c862cd3b824acdc970259a31ae881b0d45a7d896b63397b0b74159ca2dea7e'),
  (4, 1795629840000, 'user:alice', '192.0.2.7', 'agent.disable',
    '00000000000000a3',
    '[name=bus, state=active] -> [name=bus, state=disabled]',
    'c2c862cd3b824acdc970259a31ae881b0d45a7d896b63397b0b74159ca2dea7e',
    'cf5c204cf9ad6f629243da54752b6297fdfdd6d4e1ccce7b0e3f072431b0ec0b');
