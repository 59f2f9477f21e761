-- A state that this program does not know.
INSERT INTO deal_state (code, name) VALUES (99, 'StorageDealDancing')
