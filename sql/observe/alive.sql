-- Whether the server answers.
SELECT 1 AS alive
