-- Notes what is free now, and makes the lane at its first use. The commit does not wait for the disk: a starting node looks again.
-- :provider :spendable_atto :free_bytes :placeable_bytes :now
WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO acceptance_lane (provider, spendable_atto, free_bytes, placeable_bytes, looked_at)
SELECT :provider, :spendable_atto, :free_bytes, :placeable_bytes, :now
  FROM unhurried
    ON CONFLICT (provider) DO UPDATE
   SET spendable_atto  = excluded.spendable_atto,
       free_bytes      = excluded.free_bytes,
       placeable_bytes = excluded.placeable_bytes,
       looked_at       = excluded.looked_at
