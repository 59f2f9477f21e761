-- How many deals are in no publish message, and since when the oldest of them waits.
SELECT count(*) AS many, min(queued_at) AS oldest
  FROM publish_queue
 WHERE message_key IS NULL
