-- What operators said to sectors, and what became of it. Never changed, never removed.

CREATE TABLE sector_operation (
  id             bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sector_number  bigint       NOT NULL,
  at             timestamptz  NOT NULL,
  who            text         NOT NULL,
  verb           text         NOT NULL,
  reason         text,
  from_state     text         REFERENCES sector_state (name),
  to_state       text         REFERENCES sector_state (name),
  outcome        text         NOT NULL
);
CREATE INDEX sector_operation_sector ON sector_operation (sector_number, id);
