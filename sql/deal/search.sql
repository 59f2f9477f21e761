-- Deals whose proposal CID, piece CID, payload CID or label begins with a text in small letters, newest first among the few that each
-- index leads to. What begins with the text lies between it and the text with the largest letters behind it.
-- :role :text :cid_to :word_to :limit
SELECT d.*
  FROM (
    (SELECT proposal_cid
       FROM deal
      WHERE role = :role AND proposal_cid >= :text AND proposal_cid <= :cid_to AND starts_with(proposal_cid, :text)
      ORDER BY proposal_cid
      LIMIT :limit)
    UNION
    (SELECT proposal_cid
       FROM deal
      WHERE role = :role AND piece_cid >= :text AND piece_cid <= :cid_to AND starts_with(piece_cid, :text)
      ORDER BY piece_cid
      LIMIT :limit)
    UNION
    (SELECT proposal_cid
       FROM deal_word
      WHERE role = :role AND word ~>=~ :text AND word ~<~ :word_to
      ORDER BY word USING ~<~
      LIMIT :limit)
  ) AS found
  JOIN deal d ON d.proposal_cid = found.proposal_cid AND d.role = :role
 ORDER BY d.created_at DESC, d.proposal_cid
 LIMIT :limit
