-- A table of a million finished deals must cost those that live nothing. Each look of the node, and each list that people ask
-- for, has an index that leads to its rows.

-- One state's deals, newest first; also how a starting node finds the live ones.
CREATE INDEX deal_state_age ON deal (role, state, created_at DESC, proposal_cid);
-- Deals with one party: the provider's for a daemon, the client's for a miner.
CREATE INDEX deal_party ON deal (role, (CASE WHEN role = 'client' THEN provider ELSE client END), created_at DESC, proposal_cid);
CREATE INDEX deal_piece ON deal (role, piece_cid, created_at DESC, proposal_cid);
CREATE INDEX deal_parked ON deal (role, updated_at, proposal_cid) WHERE parked;
CREATE INDEX deal_deadline ON deal (role, deadline) WHERE deadline IS NOT NULL;
CREATE INDEX deal_tried ON deal (role, run_after) WHERE attempt > 0 AND NOT parked;
CREATE INDEX deal_lease ON deal (lease_owner) WHERE lease_owner IS NOT NULL;
