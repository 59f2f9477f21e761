-- How many sectors have not ended; an engine that did not make them cannot go on with them.
SELECT count(*) AS many
  FROM sector
 WHERE state <> 'Unknown'
