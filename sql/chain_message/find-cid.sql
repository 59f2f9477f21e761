-- The message that was signed or landed under a CID, the newest if there are several.
-- :cid
SELECT *
  FROM chain_message
 WHERE cid = :cid
    OR landed_cid = :cid
 ORDER BY id DESC
 LIMIT 1
