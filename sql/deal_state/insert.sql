-- Makes a state of the program's enum known; StateTables compares the whole table afterwards.
-- :code :name
INSERT INTO deal_state (code, name)
VALUES (:code, :name)
    ON CONFLICT (code) DO NOTHING
