-- Makes a state of the program's enum known to the schema; relied on by every foreign key to sector_state.
-- :name
INSERT INTO sector_state (name)
VALUES (:name)
    ON CONFLICT (name) DO NOTHING
