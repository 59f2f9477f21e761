-- The index in the very order in which deals are claimed: when thousands have their turn at one moment, as after a start, a claim
-- still reads only the few that it takes, instead of sorting them all.
DROP INDEX deal_turn;
CREATE INDEX deal_turn ON deal (role, state, run_after, proposal_cid) WHERE NOT parked;
