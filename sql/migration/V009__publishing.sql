-- Every set of bytes that a message of ours was signed as: the first, and each that replaced it by a higher fee under the
-- same nonce. Any of them may be the one that lands, so all are kept and looked for.
CREATE TABLE chain_message_version (
  intent_key    text        NOT NULL REFERENCES chain_message (intent_key),
  number        integer     NOT NULL,
  cid           text        NOT NULL,
  signed_epoch  bigint      NOT NULL,
  created_at    timestamptz NOT NULL,
  PRIMARY KEY (intent_key, number)
);
CREATE INDEX chain_message_version_cid ON chain_message_version (cid);

-- Since when a message's nonce was seen used by another message; a row goes again when a reorganisation gives it back.
CREATE TABLE chain_message_gone (
  intent_key    text        PRIMARY KEY REFERENCES chain_message (intent_key),
  since_epoch   bigint      NOT NULL
);

-- How a deal in the queue stands. round: how often it came back from a message; tries: failed simulations in a row;
-- not_before: when it may be tried again; problem: what the last one said; refused: for good, its own phase ends it;
-- most: the most deals of its next message, after one that ran out of gas.
ALTER TABLE publish_queue
  ADD COLUMN round      integer     NOT NULL DEFAULT 0,
  ADD COLUMN urgent     boolean     NOT NULL DEFAULT false,
  ADD COLUMN tries      integer     NOT NULL DEFAULT 0,
  ADD COLUMN not_before timestamptz,
  ADD COLUMN problem    text,
  ADD COLUMN refused    boolean     NOT NULL DEFAULT false,
  ADD COLUMN most       integer;
CREATE INDEX publish_queue_message ON publish_queue (message_key) WHERE message_key IS NOT NULL;

-- Which messages a deal has been in, in order, and why it left each but the last. Never deleted: a message that was given
-- up may still be found on chain.
CREATE TABLE publish_attempt (
  proposal_cid  text        NOT NULL,
  round         integer     NOT NULL,
  message_key   text        NOT NULL REFERENCES chain_message (intent_key),
  outcome       text,
  created_at    timestamptz NOT NULL,
  PRIMARY KEY (proposal_cid, round)
);

-- What was sent before this migration.
INSERT INTO chain_message_version (intent_key, number, cid, signed_epoch, created_at)
SELECT intent_key, 0, cid, 0, created_at FROM chain_message WHERE cid IS NOT NULL;
INSERT INTO publish_attempt (proposal_cid, round, message_key, created_at)
SELECT proposal_cid, 0, message_key, queued_at FROM publish_queue WHERE message_key IS NOT NULL;
