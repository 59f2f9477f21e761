-- Puts a deal into the publish queue; a deal that is in it keeps its place. PublishQueue.enter.
-- :proposal_cid :provider :start_epoch :now
INSERT INTO publish_queue (proposal_cid, provider, start_epoch, queued_at)
VALUES (:proposal_cid, :provider, :start_epoch, :now)
    ON CONFLICT (proposal_cid) DO NOTHING
