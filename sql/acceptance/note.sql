-- Notes that a deal was accepted, for the limits per client and hour.
-- :proposal_cid :client :bytes :now
INSERT INTO acceptance (proposal_cid, client, bytes, accepted_at)
VALUES (:proposal_cid, :client, :bytes, :now)
    ON CONFLICT (proposal_cid) DO NOTHING
