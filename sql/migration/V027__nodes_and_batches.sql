-- Which node of the miner made each move, and which sectors went into one message together.

ALTER TABLE sector_event ADD COLUMN node text;

-- A message for several sectors: written together with the message's own row, before anything is signed. A sector's wish
-- to be sent, named by member_key, is in one message at most.
CREATE TABLE sector_batch (
  member_key   text    PRIMARY KEY,
  message_key  text    NOT NULL REFERENCES chain_message (intent_key),
  number       bigint  NOT NULL REFERENCES sector,
  place        integer NOT NULL,
  UNIQUE (message_key, place)
);
