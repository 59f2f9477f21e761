-- What comes after publication: pieces that sealing could not take yet, what the chain announced of active deals, and
-- every removal of a deal's traces, written down before it happens.

CREATE TABLE piece_setback (
  proposal_cid  text         PRIMARY KEY REFERENCES sector_piece,
  tries         integer      NOT NULL CHECK (tries >= 0),
  reason        text         NOT NULL,
  try_after     timestamptz  NOT NULL,
  at            timestamptz  NOT NULL
);
-- Sectors that were given up before they were proven: their pieces go elsewhere.
CREATE INDEX sector_given_up ON sector (number) WHERE state = 'Unknown' AND prove_epoch IS NULL;
CREATE INDEX deal_active_end ON deal (role, end_epoch) WHERE state = 7;

-- One row an active deal that the chain has said, or not said, something about: announced as terminated at an epoch, or
-- missing since a head. Gone with the deal's end, or when a reorganisation takes it back.
CREATE TABLE deal_notice (
  deal_id       bigint       NOT NULL,
  kind          text         NOT NULL CHECK (kind IN ('terminated', 'missing')),
  epoch         bigint       NOT NULL,
  seen_at       timestamptz  NOT NULL,
  PRIMARY KEY (deal_id, kind)
);

CREATE TABLE file_audit (
  id            bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  proposal_cid  text,
  kind          text         NOT NULL CHECK (kind IN ('staging-car', 'piece-copy', 'staging-orphan', 'temp-file',
                                                     'transfer-row', 'publish-entry', 'reservation')),
  subject       text         NOT NULL,
  bytes         bigint       NOT NULL CHECK (bytes >= 0),
  why           text         NOT NULL,
  planned_at    timestamptz  NOT NULL,
  done_at       timestamptz,
  outcome       text,
  CHECK ((done_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX file_audit_open ON file_audit (kind, subject) WHERE done_at IS NULL;
CREATE INDEX file_audit_deal ON file_audit (proposal_cid, id) WHERE proposal_cid IS NOT NULL;
