-- A candidate decided otherwise; a trial keeps a bounded number of these and counts the rest.
-- :trial :key :state :live :live_reason :candidate :candidate_reason :took :now :most
INSERT INTO shadow_difference (trial, key, state, live, live_reason, candidate, candidate_reason, took_millis, at)
SELECT :trial, :key, :state, :live, CAST(:live_reason AS text), :candidate, CAST(:candidate_reason AS text), :took, :now
 WHERE (SELECT different + undecided FROM shadow_trial WHERE id = :trial) < :most
