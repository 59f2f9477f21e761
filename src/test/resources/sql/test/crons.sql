-- The cron expressions that a role's triggers have in the database.
-- :role
SELECT cron_expression
  FROM qrtz_cron_triggers
 WHERE sched_name = :role
