-- Stores how far a message is; the caller holds its row's lock.
-- :intent_key :status :nonce :signed :cid :landed_cid :landed_epoch :exit_code :returned :error :pushes :now
UPDATE chain_message
   SET status       = :status,
       nonce        = CAST(:nonce AS bigint),
       signed       = CAST(:signed AS bytea),
       cid          = CAST(:cid AS text),
       landed_cid   = CAST(:landed_cid AS text),
       landed_epoch = CAST(:landed_epoch AS bigint),
       exit_code    = CAST(:exit_code AS bigint),
       returned     = CAST(:returned AS bytea),
       error        = CAST(:error AS text),
       pushes       = :pushes,
       updated_at   = :now
 WHERE intent_key = :intent_key
