-- Who may call: people with a name and password, who is signed in, and tokens. Every secret is stored as a hash only.

CREATE TABLE account (
  name        text         PRIMARY KEY,
  password    text         NOT NULL,
  rights      text         NOT NULL,
  made_by     text         NOT NULL,
  made_at     timestamptz  NOT NULL,
  changed_at  timestamptz  NOT NULL
);
COMMENT ON COLUMN account.password IS 'Argon2id with its salt and cost, never the password';
COMMENT ON COLUMN account.rights IS 'of read, write, sign, admin, separated by commas';

CREATE TABLE web_session (
  hash        bytea        PRIMARY KEY CHECK (octet_length(hash) = 32),
  name        text         NOT NULL,
  account     text         REFERENCES account (name) ON DELETE CASCADE,
  rights      text         NOT NULL,
  address     text         NOT NULL,
  made_at     timestamptz  NOT NULL,
  used_at     timestamptz  NOT NULL,
  ends_at     timestamptz  NOT NULL
);
COMMENT ON COLUMN web_session.hash IS 'SHA-256 of what the cookie holds';
COMMENT ON COLUMN web_session.account IS 'null for who came by a one-time link or a token';
COMMENT ON COLUMN web_session.used_at IS 'behind by up to a minute';
CREATE INDEX web_session_account ON web_session (account);

CREATE TABLE access_token (
  id          text         PRIMARY KEY,
  name        text         NOT NULL,
  hash        bytea        NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  rights      text         NOT NULL,
  made_by     text         NOT NULL,
  made_at     timestamptz  NOT NULL,
  expires_at  timestamptz,
  revoked_at  timestamptz
);
COMMENT ON COLUMN access_token.id IS 'the token''s jti';
COMMENT ON COLUMN access_token.hash IS 'SHA-256 of the whole token';

-- Whom alone the libp2p host deals with, once there is any: as net_block, which wins over it.

CREATE TABLE net_allow (
  kind      text         NOT NULL CHECK (kind IN ('peer', 'ip', 'subnet')),
  value     text         NOT NULL,
  added_at  timestamptz  NOT NULL,
  PRIMARY KEY (kind, value)
);
