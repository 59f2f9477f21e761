-- A candidate begins to run beside the live routes.
-- :node :name :candidate :allowed :states :who :now :until
INSERT INTO shadow_trial (node, name, candidate, allowed, states, who, started_at, until, settled, same, different, undecided, dropped)
VALUES (:node, :name, :candidate, :allowed, :states, :who, :now, :until, 0, 0, 0, 0, 0)
RETURNING *
