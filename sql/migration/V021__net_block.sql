-- Whom the libp2p host neither dials nor lets in: peers, single addresses, networks such as 10.0.0.0/8.

CREATE TABLE net_block (
  kind      text         NOT NULL CHECK (kind IN ('peer', 'ip', 'subnet')),
  value     text         NOT NULL,
  added_at  timestamptz  NOT NULL,
  PRIMARY KEY (kind, value)
);
