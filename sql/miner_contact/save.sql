-- Remembers where a miner answered, in place of where it did before.
-- :miner :peer :addresses :at
INSERT INTO miner_contact (miner, peer, addresses, at)
VALUES (:miner, :peer, :addresses, :at)
    ON CONFLICT (miner) DO UPDATE SET peer = excluded.peer, addresses = excluded.addresses, at = excluded.at
