-- Who or what a live deal or sector waits for (the words of WaitsOn; null: the state's usual one) and until when, as far
-- as the phase knows. When the state gives up is deadline, the next try run_after, how many failed attempt. last_epoch is the
-- last epoch in which a deal's state makes sense, computed when the state is entered.
ALTER TABLE deal
  ADD COLUMN waits_on     text,
  ADD COLUMN waits_until  timestamptz,
  ADD COLUMN last_epoch   bigint;
ALTER TABLE sector
  ADD COLUMN waits_on     text,
  ADD COLUMN waits_until  timestamptz;

-- Every word of an operator to a deal: who said what and when, from which state to which, and what became of it: done, or
-- the coded reason of the refusal. Never deleted, also of deals that are not there.
CREATE TABLE deal_operation (
  id            bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  proposal_cid  text         NOT NULL,
  role          text         NOT NULL CHECK (role IN ('client', 'provider')),
  at            timestamptz  NOT NULL,
  who           text         NOT NULL,
  verb          text         NOT NULL,
  target        smallint     REFERENCES deal_state (code),
  reason        text,
  from_state    smallint     REFERENCES deal_state (code),
  to_state      smallint     REFERENCES deal_state (code),
  outcome       text         NOT NULL
);
CREATE INDEX deal_operation_deal ON deal_operation (proposal_cid, role, id);
