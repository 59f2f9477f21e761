-- Whether one side has an active deal at all; without one nobody asks the chain.
-- :role
SELECT EXISTS (SELECT 1 FROM deal WHERE role = :role AND state = 7) AS found
