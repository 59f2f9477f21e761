-- One word of an operator to a sector and what became of it; SectorOperations writes it in the transaction of the change.
-- The columns' names; :from_state and :to_state null when there is none.
INSERT INTO sector_operation (sector_number, at, who, verb, reason, from_state, to_state, outcome)
VALUES (:sector_number, :at, :who, :verb, CAST(:reason AS text), CAST(:from_state AS text), CAST(:to_state AS text), :outcome)
