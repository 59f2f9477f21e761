-- One sector by its key, locked until the transaction ends; signal and resume rely on nobody writing between.
-- :number
SELECT *
  FROM sector
 WHERE number = :number
   FOR UPDATE
