-- The message that was signed, in any of its versions, or landed under a CID; the newest if there are several. Each of the three has
-- an index of its own; asked for by OR they would all be read.
-- :cid
SELECT m.*
  FROM (
    SELECT max(id) AS id
      FROM (
        SELECT id FROM chain_message WHERE cid = :cid
        UNION ALL
        SELECT id FROM chain_message WHERE landed_cid = :cid
        UNION ALL
        SELECT own.id
          FROM chain_message_version v
          JOIN chain_message own ON own.intent_key = v.intent_key
         WHERE v.cid = :cid) AS named) AS newest
  JOIN chain_message m ON m.id = newest.id
