-- A word by which the deal is found.
-- :role :word :proposal_cid
INSERT INTO deal_word (role, word, proposal_cid)
VALUES (:role, :word, :proposal_cid)
