-- One word of an operator and what became of it; DealOperations writes it in the transaction of the change.
-- The columns' names; :from_state, :to_state and :target null when there is none.
INSERT INTO deal_operation (proposal_cid, role, at, who, verb, target, reason, from_state, to_state, outcome)
VALUES (:proposal_cid, :role, :at, :who, :verb, CAST(:target AS smallint), CAST(:reason AS text),
        CAST(:from_state AS smallint), CAST(:to_state AS smallint), :outcome)
