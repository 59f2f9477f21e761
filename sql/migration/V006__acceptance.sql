-- What the miner has promised to the deals it accepted, so that it is not promised twice: a tag a deal and kind of need,
-- taken in the transaction that accepts the deal and deleted in the one that moves it past the need.

CREATE TABLE deal_tag (
  proposal_cid    text           NOT NULL,
  kind            text           NOT NULL CHECK (kind IN ('FUNDS', 'SLOT', 'ARRIVING', 'STAGING')),
  client          text           NOT NULL,
  amount          numeric(40,0)  NOT NULL CHECK (amount >= 0),
  taken_at        timestamptz    NOT NULL,
  PRIMARY KEY (proposal_cid, kind)
);
CREATE INDEX deal_tag_sum ON deal_tag (kind, client) INCLUDE (amount, proposal_cid);

-- One row a provider: locking it is the lane in which deals are accepted one after the other. It holds what was free
-- when that was looked at last: attoFIL of escrow and wallet less the reserve, bytes of the disk less the reserve.
CREATE TABLE acceptance_lane (
  provider        text           PRIMARY KEY,
  spendable_atto  numeric(40,0)  NOT NULL,
  free_bytes      bigint         NOT NULL,
  looked_at       timestamptz    NOT NULL
);

-- What a live proposal is to the chain: its client by ID, and the CID of its unsigned terms with both addresses as IDs.
CREATE TABLE deal_terms (
  proposal_cid    text PRIMARY KEY,
  client          text NOT NULL,
  terms_cid       text NOT NULL
);
CREATE INDEX deal_terms_cid ON deal_terms (terms_cid);

-- Who had deals accepted lately; rows older than an hour count no more and are deleted.
CREATE TABLE acceptance (
  proposal_cid    text         PRIMARY KEY,
  client          text         NOT NULL,
  bytes           bigint       NOT NULL,
  accepted_at     timestamptz  NOT NULL
);
CREATE INDEX acceptance_client ON acceptance (client, accepted_at);
CREATE INDEX acceptance_age ON acceptance (accepted_at);

-- Deals that were accepted before there were tags hold their place and their bytes as well.
INSERT INTO deal_tag (proposal_cid, kind, client, amount, taken_at)
SELECT proposal_cid, 'SLOT', client, 1, now() FROM deal
 WHERE role = 'provider' AND state IN (18, 17, 27, 19, 20, 22, 24, 25, 4, 29, 5, 6);
INSERT INTO deal_tag (proposal_cid, kind, client, amount, taken_at)
SELECT proposal_cid, 'STAGING', client, piece_size_padded, now() FROM deal
 WHERE role = 'provider' AND state IN (18, 17, 27, 19, 20, 22, 24, 25, 4, 29, 5, 6) AND inbound_path IS NOT NULL;
INSERT INTO deal_tag (proposal_cid, kind, client, amount, taken_at)
SELECT proposal_cid, 'ARRIVING', client, piece_size_padded, now() FROM deal
 WHERE role = 'provider' AND state IN (18, 17, 27) AND inbound_path IS NOT NULL;
