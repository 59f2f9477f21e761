-- Every receiver with how many moves it is behind, counted up to a bound, and the time of the oldest of these.
-- :most
SELECT feed.*, waiting.many, waiting.oldest
  FROM move_feed feed
 CROSS JOIN LATERAL (
       SELECT count(*) AS many, min(next.at) AS oldest
         FROM (SELECT line.at
                 FROM outbox line
                WHERE line.id > feed.place
                  AND line.topic = feed.topic
                ORDER BY line.id
                LIMIT :most) next) waiting
 ORDER BY feed.name, feed.topic
