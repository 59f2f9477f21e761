-- What people asked to move into the market's escrow or out of it: a row first, a message afterwards.
CREATE TABLE fund_request (
  id            bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind          text          NOT NULL CHECK (kind IN ('ADD', 'WITHDRAW')),
  address       text          NOT NULL REFERENCES fund_account,
  wallet        text          NOT NULL,
  amount_atto   numeric(40,0) NOT NULL CHECK (amount_atto > 0),
  state         text          NOT NULL CHECK (state IN ('QUEUED', 'SENT', 'DONE', 'REFUSED')),
  message_key   text          REFERENCES chain_message (intent_key),
  error         text,
  created_at    timestamptz   NOT NULL,
  updated_at    timestamptz   NOT NULL,
  CHECK (state NOT IN ('SENT', 'DONE') OR message_key IS NOT NULL)
);
CREATE INDEX fund_request_open ON fund_request (address, id) WHERE state IN ('QUEUED', 'SENT');

-- The day's top-ups are summed before each new one.
CREATE INDEX chain_message_top_up ON chain_message (created_at) WHERE intent_key LIKE 'add-balance/%';

-- Expired deals whose collateral comes back when the market is asked to settle them; one row a deal, kept as the record.
CREATE TABLE deal_settlement (
  deal_id       bigint        PRIMARY KEY,
  proposal_cid  text          NOT NULL,
  message_key   text          REFERENCES chain_message (intent_key),
  attempts      integer       NOT NULL,
  outcome       text          CHECK (outcome IN ('SETTLED', 'GONE')),
  paid_atto     numeric(40,0),
  error         text,
  created_at    timestamptz   NOT NULL,
  ended_at      timestamptz,
  CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
CREATE INDEX deal_settlement_open ON deal_settlement (deal_id) WHERE ended_at IS NULL;

INSERT INTO deal_settlement (deal_id, proposal_cid, attempts, created_at)
SELECT deal_id, proposal_cid, 0, updated_at
  FROM deal
 WHERE role = 'provider' AND state = 8 AND deal_id IS NOT NULL
    ON CONFLICT (deal_id) DO NOTHING;
