-- Says why a piece has no sector yet; a try that failed counts, and the next one waits.
-- :proposal_cid :failed :reason :try_after :now
INSERT INTO piece_setback AS b (proposal_cid, tries, reason, try_after, at)
VALUES (:proposal_cid, :failed, :reason, :try_after, :now)
    ON CONFLICT (proposal_cid) DO UPDATE
   SET tries     = b.tries + :failed,
       reason    = :reason,
       try_after = :try_after,
       at        = :now
 WHERE :failed > 0
    OR b.reason <> :reason
