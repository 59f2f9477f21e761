-- All that is promised or under way at this moment; the caller holds the acceptance lane, so nobody adds to it. Funds
-- that already have an open hold are counted as the hold, not as the tag.
-- :provider :client :proposal_cid :since
SELECT l.spendable_atto,
       l.free_bytes,
       (SELECT coalesce(sum(h.amount_atto), 0)
          FROM fund_hold h
         WHERE h.address = l.provider AND h.state <> 'RELEASED')                            AS held_atto,
       (SELECT coalesce(sum(t.amount), 0)
          FROM deal_tag t
         WHERE t.kind = 'FUNDS' AND t.proposal_cid <> :proposal_cid
           AND NOT EXISTS (SELECT FROM fund_hold h
                            WHERE h.proposal_cid = t.proposal_cid AND h.address = l.provider
                              AND h.state <> 'RELEASED'))                                   AS tagged_atto,
       (SELECT count(*) FROM deal_tag t
         WHERE t.kind = 'SLOT' AND t.proposal_cid <> :proposal_cid)                         AS deals,
       (SELECT coalesce(sum(t.amount), 0) FROM deal_tag t
         WHERE t.kind = 'ARRIVING' AND t.proposal_cid <> :proposal_cid)                     AS arriving_bytes,
       (SELECT coalesce(sum(t.amount), 0) FROM deal_tag t
         WHERE t.kind = 'STAGING' AND t.proposal_cid <> :proposal_cid)                      AS staged_bytes,
       (SELECT coalesce(sum(t.amount), 0) FROM deal_tag t
         WHERE t.kind = 'STAGING' AND t.client = :client
           AND t.proposal_cid <> :proposal_cid)                                             AS client_staged_bytes,
       (SELECT count(*) FROM acceptance a
         WHERE a.client = :client AND a.accepted_at > :since
           AND a.proposal_cid <> :proposal_cid)                                             AS client_deals,
       (SELECT coalesce(sum(a.bytes), 0) FROM acceptance a
         WHERE a.client = :client AND a.accepted_at > :since
           AND a.proposal_cid <> :proposal_cid)                                             AS client_bytes,
       (SELECT count(*) FROM sector_piece p
         WHERE p.sector_number IS NULL AND p.refusal IS NULL)
       + (SELECT count(*) FROM sector s
           WHERE s.state = 'PreCommitPhase1' AND s.sub_state = 'staging')                   AS waiting_sectors,
       (SELECT count(*) FROM sector s
         WHERE s.state IN ('PreCommitPhase1', 'PreCommitPhase2', 'WaitSeed', 'CommitPhase1', 'CommitPhase2', 'Finalize')
           AND s.sub_state <> 'staging')                                                    AS sealing_sectors
  FROM acceptance_lane l
 WHERE l.provider = :provider
