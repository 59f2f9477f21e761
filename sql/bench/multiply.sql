-- Makes copies of one deal for a benchmark: each with a proposal CID of its own, one of a thousand parties, a state taken in turn
-- from :states, and an age that grows with its number. Everything else is as in the original.
-- :template :role :first :count :states :newest
INSERT INTO deal
SELECT (jsonb_populate_record(original, jsonb_build_object(
           -- any text of this alphabet and length whose first and last letters carry no stray bits is a CID
           'proposal_cid', 'bafyrei' || translate(substr(md5(n::text) || md5('more ' || n), 1, 51),
                                                  '0123456789abcdef', 'abcdefghabcdefgh') || 'a',
           'state', states.codes[1 + n % cardinality(states.codes)],
           'client', 'f0' || (1000000 + n % 1000),
           'deal_id', n,
           'run_after', CASE WHEN states.codes[1 + n % cardinality(states.codes)] IN (8, 9, 26)
                             THEN '9999-12-31T00:00:00Z' ELSE to_jsonb(CAST(:newest AS timestamptz)) #>> '{}' END,
           'deadline', CASE WHEN states.codes[1 + n % cardinality(states.codes)] IN (8, 9, 26)
                            THEN NULL ELSE to_jsonb(CAST(:newest AS timestamptz) + interval '30 days') #>> '{}' END,
           'created_at', CAST(:newest AS timestamptz) - n * interval '15 seconds'))).*
  FROM deal original
 CROSS JOIN generate_series(CAST(:first AS bigint), CAST(:first AS bigint) + :count - 1) AS n
 CROSS JOIN (SELECT CAST(:states AS int[]) AS codes) AS states
 WHERE original.proposal_cid = :template
   AND original.role = :role
