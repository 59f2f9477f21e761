-- Puts a sector into a state past its flow, sealed and not in anybody's hands.
-- :number :state :at
UPDATE sector
   SET state      = :state,
       sub_state  = 'computing',
       deadline   = NULL,
       version    = version + 1,
       entered_at = :at
 WHERE number = :number
