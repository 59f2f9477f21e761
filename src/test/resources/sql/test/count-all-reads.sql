-- Every row that a statement looks at is counted from here on in this transaction: nothing is answered from an index alone. Nor is a table
-- read whole because it is small here, where an index would lead to the rows.
SELECT set_config('enable_indexonlyscan', 'off', true), set_config('enable_seqscan', 'off', true)
