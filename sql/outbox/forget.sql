-- Forgets moves that everybody has had time to read, the oldest first, so many at most: none that a receiver of its kind has
-- still to take. The histories keep them.
-- :before :limit
DELETE FROM outbox
 WHERE id IN (
   SELECT line.id
     FROM outbox line
     LEFT JOIN (
       SELECT topic, min(coalesce(place, 0)) AS place
         FROM move_feed
        GROUP BY topic) behind ON behind.topic = line.topic
    WHERE line.at < :before
      AND line.id <= coalesce(behind.place, line.id)
    ORDER BY line.id
    LIMIT :limit)
