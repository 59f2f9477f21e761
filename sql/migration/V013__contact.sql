-- Where each miner was when it last answered a proposal. The chain says where it is; this says whether it has moved.
CREATE TABLE miner_contact (
  miner         text         PRIMARY KEY,
  peer          text         NOT NULL,
  addresses     text         NOT NULL,
  at            timestamptz  NOT NULL
);
