-- One row a deal and side: the row is the deal's only truth. deal_event is its history, append only; outbox tells
-- whoever follows the node's life. The codes of deal_state are written from the program's enum at start.

CREATE TABLE deal_state (
  code          smallint PRIMARY KEY,
  name          text     NOT NULL UNIQUE
);

CREATE TABLE deal (
  proposal_cid       text           NOT NULL,
  role               text           NOT NULL CHECK (role IN ('client', 'provider')),
  state              smallint       NOT NULL REFERENCES deal_state (code),
  version            bigint         NOT NULL,
  seq                bigint         NOT NULL,

  -- the agreement: signed proposal and data reference as CBOR, with the columns that people and lists ask for
  proposal           bytea          NOT NULL,
  data_ref           bytea          NOT NULL,
  payload_cid        text           NOT NULL,
  piece_cid          text           NOT NULL,
  piece_size_padded  bigint         NOT NULL,
  client             text           NOT NULL,
  provider           text           NOT NULL,
  start_epoch        bigint         NOT NULL,
  end_epoch          bigint         NOT NULL,
  fast_retrieval     boolean        NOT NULL,
  peer               text           NOT NULL,

  -- facts, known as the deal goes on
  transfer_id        bigint,
  transfer_channel   text,
  inbound_path       text,
  piece_path         text,
  payload_bytes      bigint,
  funds_reserved_atto numeric(40,0) NOT NULL CHECK (funds_reserved_atto >= 0),
  add_funds_cid      text,
  publish_cid        text,
  deal_id            bigint,
  sector_number      bigint,
  slash_epoch        bigint,
  remote_state       smallint       REFERENCES deal_state (code),
  remote_message     text,
  remote_at          timestamptz,
  remote_worker      text,
  polls              integer        NOT NULL,
  poll_errors        integer        NOT NULL,
  message            text,

  -- whose turn it is
  run_after          timestamptz    NOT NULL,
  attempt            integer        NOT NULL,
  bugs               integer        NOT NULL,
  deadline           timestamptz,
  lease_owner        text,
  lease_token        text,
  lease_until        timestamptz,
  parked             boolean        NOT NULL,
  waits_for          text,
  waits_since        timestamptz,
  last_error         text,

  created_at         timestamptz    NOT NULL,
  entered_at         timestamptz    NOT NULL,
  updated_at         timestamptz    NOT NULL,
  PRIMARY KEY (proposal_cid, role),
  CHECK ((lease_owner IS NULL) = (lease_until IS NULL) AND (lease_token IS NULL) = (lease_until IS NULL))
);
CREATE INDEX deal_turn ON deal (role, state, run_after) WHERE NOT parked;
CREATE INDEX deal_age ON deal (role, created_at DESC, proposal_cid);
CREATE INDEX deal_number ON deal (role, deal_id) WHERE deal_id IS NOT NULL;

CREATE TABLE deal_event (
  proposal_cid  text         NOT NULL,
  role          text         NOT NULL,
  seq           bigint       NOT NULL,
  event         text         NOT NULL,
  from_state    smallint     NOT NULL REFERENCES deal_state (code),
  to_state      smallint     NOT NULL REFERENCES deal_state (code),
  note          text,
  at            timestamptz  NOT NULL,
  PRIMARY KEY (proposal_cid, role, seq),
  FOREIGN KEY (proposal_cid, role) REFERENCES deal
);

-- What the rest of the world may want to hear, in the order of commits' numbers; a reader keeps the last id it saw.
CREATE TABLE outbox (
  id            bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic         text         NOT NULL CHECK (topic IN ('client', 'provider', 'sector')),
  key           text         NOT NULL,
  seq           bigint       NOT NULL,
  event         text         NOT NULL,
  from_state    text         NOT NULL,
  to_state      text         NOT NULL,
  note          text,
  at            timestamptz  NOT NULL
);
