-- The miner's sectors, their history, and the pieces handed over by the market: that hand-off is a row, one a deal.

CREATE TABLE sector_state (
  name          text PRIMARY KEY
);

CREATE SEQUENCE sector_number_seq AS bigint MINVALUE 0 START WITH 0;

CREATE TABLE sector (
  number             bigint         PRIMARY KEY,
  miner              text           NOT NULL,
  seal_proof         bigint         NOT NULL,
  state              text           NOT NULL REFERENCES sector_state (name),
  sub_state          text           NOT NULL
                     CHECK (sub_state IN ('staging', 'computing', 'submitting', 'landing', 'faulty')),
  version            bigint         NOT NULL,
  seq                bigint         NOT NULL,
  ticket_epoch       bigint,
  ticket             bytea,
  comm_d             text,
  comm_r             text,
  pre_commit_intent  text,
  pre_commit_cid     text,
  pre_commit_epoch   bigint,
  seed_epoch         bigint,
  seed               bytea,
  proof              bytea,
  prove_intent       text,
  prove_cid          text,
  prove_epoch        bigint,
  expiration_epoch   bigint,
  redos              integer        NOT NULL,
  message            text,
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
  CHECK ((lease_owner IS NULL) = (lease_until IS NULL) AND (lease_token IS NULL) = (lease_until IS NULL)),
  CHECK ((ticket IS NULL) = (ticket_epoch IS NULL) AND (seed IS NULL) = (seed_epoch IS NULL))
);
CREATE INDEX sector_turn ON sector (state, run_after) WHERE NOT parked;

CREATE TABLE sector_event (
  number        bigint       NOT NULL REFERENCES sector,
  seq           bigint       NOT NULL,
  event         text         NOT NULL,
  from_state    text         NOT NULL REFERENCES sector_state (name),
  to_state      text         NOT NULL REFERENCES sector_state (name),
  note          text,
  at            timestamptz  NOT NULL,
  PRIMARY KEY (number, seq)
);

CREATE TABLE sector_piece (
  proposal_cid    text         PRIMARY KEY,
  deal_id         bigint       NOT NULL UNIQUE,
  publish_cid     text         NOT NULL,
  piece_cid       text         NOT NULL,
  size_padded     bigint       NOT NULL CHECK (size_padded >= 128),
  file            text         NOT NULL,
  file_bytes      bigint       NOT NULL,
  start_epoch     bigint       NOT NULL,
  end_epoch       bigint       NOT NULL,
  keep_unsealed   boolean      NOT NULL,
  handed_at       timestamptz  NOT NULL,
  sector_number   bigint       REFERENCES sector,
  offset_padded   bigint,
  written_at      timestamptz,
  refusal         text,
  UNIQUE (sector_number, offset_padded),
  CHECK ((sector_number IS NULL) = (offset_padded IS NULL)),
  CHECK (offset_padded IS NULL OR offset_padded % size_padded = 0),
  CHECK (refusal IS NULL OR sector_number IS NULL)
);
CREATE INDEX sector_piece_waiting ON sector_piece (start_epoch, handed_at)
  WHERE sector_number IS NULL AND refusal IS NULL;
