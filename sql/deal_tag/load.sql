-- What is promised or under way at this moment; the caller holds the acceptance lane, so nobody adds to it. Sums that
-- nobody wants are not made, they cost with the number of live deals. Funds with a tag are counted as the tag, not as the
-- hold that may stand beside it already.
-- :provider :client :proposal_cid :since :want_deals :want_staged :want_hour :want_sectors
SELECT l.spendable_atto,
       l.free_bytes,
       coalesce(l.placeable_bytes, 9223372036854775807)                                     AS placeable_bytes,
       (SELECT coalesce(sum(h.amount_atto), 0)
          FROM fund_hold h
         WHERE h.address = l.provider AND h.state <> 'RELEASED' AND h.proposal_cid <> :proposal_cid
           AND NOT EXISTS (SELECT FROM deal_tag t
                            WHERE t.proposal_cid = h.proposal_cid AND t.kind = 'FUNDS'))    AS held_atto,
       (SELECT coalesce(sum(t.amount), 0) FROM deal_tag t
         WHERE t.kind = 'FUNDS' AND t.proposal_cid <> :proposal_cid)                        AS tagged_atto,
       CASE WHEN :want_deals THEN
       (SELECT count(*) FROM deal_tag t
         WHERE t.kind = 'SLOT' AND t.proposal_cid <> :proposal_cid) ELSE 0 END              AS deals,
       (SELECT coalesce(sum(t.amount), 0) FROM deal_tag t
         WHERE t.kind = 'ARRIVING' AND t.proposal_cid <> :proposal_cid)                     AS arriving_bytes,
       CASE WHEN :want_staged THEN
       (SELECT coalesce(sum(t.amount), 0) FROM deal_tag t
         WHERE t.kind = 'STAGING' AND t.proposal_cid <> :proposal_cid) ELSE 0 END           AS staged_bytes,
       (SELECT coalesce(sum(t.amount), 0) FROM deal_tag t
         WHERE :want_staged AND t.kind = 'STAGING' AND t.client = :client
           AND t.proposal_cid <> :proposal_cid)                                             AS client_staged_bytes,
       (SELECT count(*) FROM acceptance a
         WHERE :want_hour AND a.client = :client AND a.accepted_at > :since
           AND a.proposal_cid <> :proposal_cid)                                             AS client_deals,
       (SELECT coalesce(sum(a.bytes), 0) FROM acceptance a
         WHERE :want_hour AND a.client = :client AND a.accepted_at > :since
           AND a.proposal_cid <> :proposal_cid)                                             AS client_bytes,
       CASE WHEN :want_sectors THEN
       (SELECT count(*) FROM sector_piece p
         WHERE p.sector_number IS NULL AND p.refusal IS NULL)
       + (SELECT count(*) FROM sector s
           WHERE s.state = 'PreCommitPhase1' AND s.sub_state = 'staging') ELSE 0 END        AS waiting_sectors,
       CASE WHEN :want_sectors THEN
       (SELECT count(*) FROM sector s
         WHERE s.state IN ('PreCommitPhase1', 'PreCommitPhase2', 'WaitSeed', 'CommitPhase1', 'CommitPhase2', 'Finalize')
           AND s.sub_state <> 'staging') ELSE 0 END                                         AS sealing_sectors
  FROM acceptance_lane l
 WHERE l.provider = :provider
