-- What years of deals leave beside them, for the copies that have ended: two lines of history, a removal, a hold that was given back,
-- a settlement; for every eight a publish message and a sector that has ended, with eight lines of history; the moves of a week.
-- Live ones that are not active have a hold of nothing. No parameters.
DO $$
DECLARE
  ended CONSTANT int[] = ARRAY[8, 9, 26];
BEGIN
  PERFORM set_config('session_replication_role', 'replica', true); -- what is written here refers to what is there: no row is checked
  INSERT INTO chain_message (intent_key, sender, receiver, method, value_atto, params, note, status, nonce, signed, cid, landed_cid,
         landed_epoch, exit_code, returned, pushes, created_at, updated_at)
  SELECT 'publish/bench-' || deal_id, 'f01', 'f05', 4, 0, decode(repeat('00', 600), 'hex'), 'publish 8 deals', 'LANDED', deal_id,
         decode(repeat('00', 800), 'hex'), 'bafy2bzace' || md5(deal_id::text) || md5('x' || deal_id), 'bafy2bzace' || md5(deal_id::text),
         deal_id, 0, '', 1, created_at, created_at
    FROM deal
   WHERE role = 'provider' AND state = ANY (ended) AND deal_id % 8 = 0;

  INSERT INTO file_audit (proposal_cid, kind, subject, bytes, why, planned_at, done_at, outcome)
  SELECT proposal_cid, 'staging-car', proposal_cid, 2000, 'its deal is over', created_at, created_at, 'removed'
    FROM deal
   WHERE role = 'provider' AND state = ANY (ended) AND deal_id IS NOT NULL;

  INSERT INTO fund_account (address, reserved_atto, rounds)
  SELECT DISTINCT provider, 0, 0 FROM deal WHERE role = 'provider'
      ON CONFLICT (address) DO NOTHING;
  INSERT INTO fund_hold (proposal_cid, purpose, address, wallet, amount_atto, state, created_at, released_at)
  SELECT proposal_cid, 'PROVIDER_COLLATERAL', provider, provider, 0,
         CASE WHEN state = ANY (ended) THEN 'RELEASED' ELSE 'COVERED' END, created_at,
         CASE WHEN state = ANY (ended) THEN created_at END
    FROM deal
   WHERE role = 'provider' AND state <> 7
      ON CONFLICT (proposal_cid, purpose) DO NOTHING;

  INSERT INTO deal_settlement (deal_id, proposal_cid, attempts, outcome, paid_atto, created_at, ended_at)
  SELECT deal_id, proposal_cid, 1, 'SETTLED', 0, created_at, created_at
    FROM deal
   WHERE role = 'provider' AND state = 8 AND deal_id IS NOT NULL
      ON CONFLICT (deal_id) DO NOTHING;

  INSERT INTO deal_event (proposal_cid, role, seq, event, from_state, to_state, at)
  SELECT proposal_cid, role, n, 'Open', state, state, created_at
    FROM deal
   CROSS JOIN generate_series(1, 2) AS n
   WHERE role = 'provider' AND state = ANY (ended) AND deal_id IS NOT NULL;

  INSERT INTO sector (number, miner, seal_proof, state, sub_state, version, seq, prove_epoch, redos, run_after, attempt, bugs, parked,
         created_at, entered_at, updated_at)
  SELECT 1000000 + deal_id, provider, 5, 'Unknown', 'landing', 8, 8, 1, 0, '9999-12-31', 0, 0, false, created_at, created_at, created_at
    FROM deal
   WHERE role = 'provider' AND state = ANY (ended) AND deal_id % 8 = 0;
  INSERT INTO sector_event (number, seq, event, from_state, to_state, at)
  SELECT number, n, CASE n WHEN 7 THEN 'Finalized' ELSE 'PieceAdded' END, CASE n WHEN 7 THEN 'Finalize' ELSE 'Proving' END, 'Proving', created_at
    FROM sector
   CROSS JOIN generate_series(1, 8) AS n
   WHERE number >= 1000000;

  INSERT INTO outbox (topic, key, seq, event, from_state, to_state, at)
  SELECT 'provider', 'bench-' || n, 1, 'Open', 'StorageDealUnknown', 'StorageDealValidating',
         now() - (300000 - n) * interval '2 seconds'
    FROM generate_series(1, (SELECT least(300000, count(*)) FROM deal)) AS n;
END $$
