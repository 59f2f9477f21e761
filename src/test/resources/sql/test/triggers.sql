-- The triggers that Quartz stored.
SELECT sched_name || ' ' || trigger_group || '/' || trigger_name FROM qrtz_triggers
