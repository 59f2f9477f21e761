-- How many sectors are parked.
SELECT count(*) AS many
  FROM sector
 WHERE parked
