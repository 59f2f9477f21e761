-- An operator wants the waiting deals of a provider published now, whatever their period and earlier tries.
-- :provider
UPDATE publish_queue
   SET urgent     = true,
       tries      = 0,
       not_before = NULL
 WHERE provider = :provider
   AND message_key IS NULL
   AND NOT refused
