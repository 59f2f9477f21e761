-- Somebody signed in.
-- :hash :name :account :rights :address :now :ends
INSERT INTO web_session (hash, name, account, rights, address, made_at, used_at, ends_at)
VALUES (:hash, :name, :account, :rights, :address, :now, :now, :ends)
