-- Forgets in which messages those deals were that ended before that moment, so many deals at most, once none of a deal's
-- messages can come to anything any more. The messages themselves, the deal and its history stay.
-- :before :ends :limit
DELETE FROM publish_attempt
 WHERE proposal_cid IN (
   SELECT a.proposal_cid
     FROM publish_attempt a
     JOIN deal d ON d.proposal_cid = a.proposal_cid AND d.role = 'provider'
    WHERE d.state = ANY (CAST(:ends AS int[]))
      AND d.entered_at < :before
      AND NOT EXISTS (
        SELECT 1
          FROM publish_attempt b
          JOIN chain_message m ON m.intent_key = b.message_key
         WHERE b.proposal_cid = a.proposal_cid
           AND m.status NOT IN ('LANDED', 'FAILED'))
    LIMIT :limit)
