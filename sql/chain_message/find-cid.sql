-- The message that was signed, in any of its versions, or landed under a CID; the newest if there are several.
-- :cid
SELECT *
  FROM chain_message
 WHERE cid = :cid
    OR landed_cid = :cid
    OR intent_key IN (SELECT intent_key FROM chain_message_version WHERE cid = :cid)
 ORDER BY id DESC
 LIMIT 1
