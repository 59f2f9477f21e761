-- How far each receiver of moves has got in the outbox, and what candidates of phases would have decided otherwise.

-- One row a receiver and kind of move. Its place goes forward only after what lies before was taken; one node at a time
-- hands out, the others wait for the lease to run out. place is null until the receiver's first line is known.
CREATE TABLE move_feed (
  name           text         NOT NULL,
  topic          text         NOT NULL CHECK (topic IN ('client', 'provider', 'sector')),
  place          bigint,
  taken          bigint       NOT NULL,
  taken_at       timestamptz,
  failures       integer      NOT NULL,
  failing_since  timestamptz,
  last_error     text,
  opened_at      timestamptz  NOT NULL,
  lease_owner    text,
  lease_token    text,
  lease_until    timestamptz,
  PRIMARY KEY (name, topic),
  CHECK ((lease_owner IS NULL) = (lease_until IS NULL) AND (lease_token IS NULL) = (lease_until IS NULL)),
  CHECK ((failures = 0) = (failing_since IS NULL))
);

-- A trial of a candidate beside the live routes of one node: its text as it was given, and what came of it.
CREATE TABLE shadow_trial (
  id             bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  node           text         NOT NULL,
  name           text         NOT NULL,
  candidate      text         NOT NULL,
  allowed        text         NOT NULL,
  states         text         NOT NULL,
  who            text         NOT NULL,
  started_at     timestamptz  NOT NULL,
  until          timestamptz  NOT NULL,
  ended_at       timestamptz,
  end_reason     text,
  settled        bigint       NOT NULL,
  same           bigint       NOT NULL,
  different      bigint       NOT NULL,
  undecided      bigint       NOT NULL,
  dropped        bigint       NOT NULL,
  CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE UNIQUE INDEX shadow_trial_live ON shadow_trial (node, name) WHERE ended_at IS NULL;

-- Where a candidate decided otherwise, or not at all.
CREATE TABLE shadow_difference (
  id               bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trial            bigint       NOT NULL REFERENCES shadow_trial,
  key              text         NOT NULL,
  state            text         NOT NULL,
  live             text         NOT NULL,
  live_reason      text,
  candidate        text         NOT NULL,
  candidate_reason text,
  took_millis      bigint       NOT NULL,
  at               timestamptz  NOT NULL
);
CREATE INDEX shadow_difference_trial ON shadow_difference (trial, id);
