-- Makes copies of one deal for a benchmark: each with a proposal CID, a piece and a payload of its own, one of a thousand parties, a state
-- taken in turn from :states, and an age that grows with its number. Those that live have their turn now, but for active ones: these
-- are watched together and have it some time within a day. Everything else is as in the original.
-- :template :role :first :count :states :newest
INSERT INTO deal
SELECT copy.*
  FROM deal original
 CROSS JOIN generate_series(CAST(:first AS bigint), CAST(:first AS bigint) + :count - 1) AS n
 CROSS JOIN (SELECT CAST(:states AS int[]) AS codes, CAST(:newest AS timestamptz) AS newest) AS given
 CROSS JOIN LATERAL (SELECT given.codes[1 + n % cardinality(given.codes)] AS code, md5(n::text) || md5('more ' || n) AS random) AS own
 CROSS JOIN LATERAL jsonb_populate_record(original, jsonb_build_object(
     -- any text of this alphabet and length whose first and last letters carry no stray bits is a CID
     'proposal_cid', 'bafyrei' || translate(substr(own.random, 1, 51), '0123456789abcdef', 'abcdefghabcdefgh') || 'a',
     'piece_cid', 'baga6ea4seaq' || translate(substr(own.random, 13, 51), '0123456789abcdef', 'abcdefghabcdefgh') || 'a',
     'payload_cid', 'bafkrei' || translate(substr(own.random, 7, 51), '0123456789abcdef', 'abcdefghabcdefgh') || 'a',
     'state', own.code,
     'client', 'f0' || (1000000 + n % 1000),
     'deal_id', n,
     'run_after', CASE WHEN own.code IN (8, 9, 26) THEN '9999-12-31T00:00:00Z'
                       WHEN own.code = 7 THEN to_jsonb(given.newest + n % 86400 * interval '1 second') #>> '{}'
                       ELSE to_jsonb(given.newest) #>> '{}' END,
     'deadline', CASE WHEN own.code IN (8, 9, 26) THEN NULL ELSE to_jsonb(given.newest + interval '30 days') #>> '{}' END,
     'created_at', given.newest - n * interval '15 seconds')) AS copy
 WHERE original.proposal_cid = :template
   AND original.role = :role
