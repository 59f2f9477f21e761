-- What people look for and look at, without reading a million rows.

-- Words by which a deal is found beside its own CIDs and number, in small letters: the payload's CID, and a label that says something
-- else. Rows of their own instead of indexes on deal, whose every move would write them again; deals are never
-- deleted, so no foreign key has to be checked for each.
CREATE TABLE deal_word (
  role          text  NOT NULL,
  word          text  NOT NULL,
  proposal_cid  text  NOT NULL
);
CREATE INDEX deal_word_prefix ON deal_word (role, word text_pattern_ops);

INSERT INTO deal_word (role, word, proposal_cid)
SELECT role, lower(payload_cid), proposal_cid
  FROM deal;

CREATE FUNCTION deal_word_of_payload() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO deal_word (role, word, proposal_cid) VALUES (NEW.role, lower(NEW.payload_cid), NEW.proposal_cid);
  RETURN NULL;
END $$;
CREATE TRIGGER deal_word_of_payload AFTER INSERT ON deal
  FOR EACH ROW EXECUTE FUNCTION deal_word_of_payload();

-- What the other side said of a deal, each time it said something else: the far half of the timeline. deal has only the last word.
CREATE TABLE remote_word (
  id            bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  proposal_cid  text         NOT NULL,
  role          text         NOT NULL,
  state         smallint     NOT NULL REFERENCES deal_state (code),
  message       text,
  at            timestamptz  NOT NULL
);
CREATE INDEX remote_word_deal ON remote_word (proposal_cid, role, id);

CREATE FUNCTION remote_word_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO remote_word (proposal_cid, role, state, message, at)
  VALUES (NEW.proposal_cid, NEW.role, NEW.remote_state, NEW.remote_message, COALESCE(NEW.remote_at, NEW.updated_at));
  RETURN NULL;
END $$;
CREATE TRIGGER remote_word_said AFTER UPDATE OF remote_state ON deal
  FOR EACH ROW WHEN (NEW.remote_state IS NOT NULL AND NEW.remote_state IS DISTINCT FROM OLD.remote_state)
  EXECUTE FUNCTION remote_word_said();

-- Deals that wait on a person or on money, among all that live.
CREATE INDEX deal_needs_person ON deal (role, state) WHERE waits_on IN ('operator', 'money');
-- When sectors were finished, for the throughput of the last days.
CREATE INDEX sector_event_finished ON sector_event (at) WHERE event = 'Finalized';
-- The few sectors that wait for a person.
CREATE INDEX sector_parked ON sector (number) WHERE parked;
