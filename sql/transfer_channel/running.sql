-- How many transfers are not over, and how fast they are together.
SELECT count(*) AS many, COALESCE(sum(bytes_per_second), 0) AS rate
  FROM transfer_channel
 WHERE NOT ended
