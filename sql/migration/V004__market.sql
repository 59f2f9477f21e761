-- What the market protocols and the node remember besides deals.

CREATE TABLE transfer_channel (
  role               text         NOT NULL CHECK (role IN ('client', 'provider')),
  initiator          text         NOT NULL,
  responder          text         NOT NULL,
  transfer_id        bigint       NOT NULL,
  proposal_cid       text         NOT NULL,
  payload_cid        text         NOT NULL,
  status             text         NOT NULL,
  ended              boolean      NOT NULL,
  bytes              bigint       NOT NULL,
  blocks             bigint       NOT NULL,
  total_bytes        bigint,
  restarts           integer      NOT NULL,
  error              text,
  piece_cid          text,
  piece_size_padded  bigint,
  car_bytes          bigint,
  created_at         timestamptz  NOT NULL,
  updated_at         timestamptz  NOT NULL,
  PRIMARY KEY (role, initiator, responder, transfer_id)
);
CREATE INDEX transfer_channel_proposal ON transfer_channel (role, proposal_cid, created_at DESC);
CREATE INDEX transfer_channel_live ON transfer_channel (role, created_at) WHERE NOT ended;

CREATE TABLE ask (
  miner         text         PRIMARY KEY,
  signed_ask    bytea        NOT NULL,
  updated_at    timestamptz  NOT NULL
);

CREATE TABLE import_file (
  id                 bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  payload_cid        text         NOT NULL,
  path               text         NOT NULL,
  size_bytes         bigint       NOT NULL,
  modified_at        timestamptz  NOT NULL,
  is_car             boolean      NOT NULL,
  car_bytes          bigint       NOT NULL,
  piece_cid          text,
  piece_size_padded  bigint,
  imported_at        timestamptz  NOT NULL,
  UNIQUE (payload_cid, path)
);

CREATE TABLE setting (
  name          text         PRIMARY KEY,
  value         text         NOT NULL,
  updated_at    timestamptz  NOT NULL
);
