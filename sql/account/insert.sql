-- A new account; nothing if the name is taken.
-- :name :password :rights :by :now
INSERT INTO account (name, password, rights, made_by, made_at, changed_at)
VALUES (:name, :password, :rights, :by, :now, :now)
    ON CONFLICT (name) DO NOTHING
