-- How many deals of one side are parked, counted up to a bound.
-- :role :most
SELECT count(*) AS many
  FROM (SELECT 1 FROM deal WHERE role = :role AND parked LIMIT :most) AS parked
