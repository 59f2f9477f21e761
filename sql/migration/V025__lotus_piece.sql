-- Pieces that a Lotus miner is asked to put into one of its sectors. The row is written before the miner is asked; the
-- token is what it may fetch the bytes with. The last byte is let go once a token: without it no piece is in a sector.
CREATE TABLE lotus_piece (
  proposal_cid  text         PRIMARY KEY REFERENCES sector_piece,
  deal_id       bigint       NOT NULL,
  token         text         NOT NULL UNIQUE,
  status        text         NOT NULL CHECK (status IN ('asking', 'unsure', 'placed')),
  asks          integer      NOT NULL CHECK (asks >= 1),
  node          text         NOT NULL,
  asked_at      timestamptz  NOT NULL,
  look_after    timestamptz  NOT NULL,
  reads         integer      NOT NULL CHECK (reads >= 0),
  taken_at      timestamptz
);
CREATE INDEX lotus_piece_open ON lotus_piece (status, look_after) WHERE status <> 'placed';
