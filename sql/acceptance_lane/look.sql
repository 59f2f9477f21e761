-- Notes what is free now, and makes the lane at its first use.
-- :provider :spendable_atto :free_bytes :now
INSERT INTO acceptance_lane (provider, spendable_atto, free_bytes, looked_at)
VALUES (:provider, :spendable_atto, :free_bytes, :now)
    ON CONFLICT (provider) DO UPDATE
   SET spendable_atto = excluded.spendable_atto,
       free_bytes     = excluded.free_bytes,
       looked_at      = excluded.looked_at
