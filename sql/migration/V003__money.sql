-- An irreversible act is a row first: what we mean to send, then the nonce with the signed bytes, then the push.

CREATE TABLE chain_message (
  id            bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  intent_key    text          NOT NULL UNIQUE,
  sender        text          NOT NULL,
  receiver      text          NOT NULL,
  method        bigint        NOT NULL,
  value_atto    numeric(40,0) NOT NULL CHECK (value_atto >= 0),
  params        bytea         NOT NULL,
  note          text          NOT NULL,
  status        text          NOT NULL CHECK (status IN ('INTENT', 'SIGNED', 'PUSHED', 'LANDED', 'FAILED')),
  nonce         bigint,
  signed        bytea,
  cid           text,
  landed_cid    text,
  landed_epoch  bigint,
  exit_code     bigint,
  returned      bytea,
  error         text,
  pushes        integer       NOT NULL,
  created_at    timestamptz   NOT NULL,
  updated_at    timestamptz   NOT NULL,
  CHECK ((nonce IS NULL) = (signed IS NULL) AND (nonce IS NULL) = (cid IS NULL)),
  CHECK (status IN ('INTENT', 'FAILED') OR nonce IS NOT NULL),
  CHECK (status <> 'LANDED' OR (landed_cid IS NOT NULL AND landed_epoch IS NOT NULL AND exit_code IS NOT NULL))
);
-- A nonce belongs to one message of its sender for as long as that message can be, or is, in the chain.
CREATE UNIQUE INDEX chain_message_nonce ON chain_message (sender, nonce) WHERE status IN ('SIGNED', 'PUSHED', 'LANDED');
CREATE INDEX chain_message_live ON chain_message (sender, nonce) WHERE status IN ('SIGNED', 'PUSHED');
CREATE INDEX chain_message_intent ON chain_message (id) WHERE status = 'INTENT';
CREATE INDEX chain_message_cid ON chain_message (cid);

-- One row a sender: locking it is the sender's lane, in which nonces are given one after the other.
CREATE TABLE message_lane (
  sender        text PRIMARY KEY
);

CREATE TABLE fund_account (
  address       text          PRIMARY KEY,
  reserved_atto numeric(40,0) NOT NULL CHECK (reserved_atto >= 0),
  message_key   text          REFERENCES chain_message (intent_key),
  rounds        bigint        NOT NULL
);

CREATE TABLE fund_hold (
  id            bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  proposal_cid  text          NOT NULL,
  purpose       text          NOT NULL,
  address       text          NOT NULL REFERENCES fund_account,
  wallet        text          NOT NULL,
  amount_atto   numeric(40,0) NOT NULL CHECK (amount_atto >= 0),
  state         text          NOT NULL CHECK (state IN ('QUEUED', 'COVERED', 'FUNDING', 'RELEASED')),
  message_key   text          REFERENCES chain_message (intent_key),
  created_at    timestamptz   NOT NULL,
  released_at   timestamptz,
  UNIQUE (proposal_cid, purpose),
  CHECK ((state = 'RELEASED') = (released_at IS NOT NULL))
);
CREATE INDEX fund_hold_open ON fund_hold (address, id) WHERE state <> 'RELEASED';

CREATE TABLE publish_queue (
  proposal_cid  text          PRIMARY KEY,
  provider      text          NOT NULL,
  start_epoch   bigint        NOT NULL,
  queued_at     timestamptz   NOT NULL,
  message_key   text          REFERENCES chain_message (intent_key)
);
CREATE INDEX publish_queue_waiting ON publish_queue (provider, start_epoch, queued_at) WHERE message_key IS NULL;
