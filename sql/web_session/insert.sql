-- Somebody signed in.
-- :hash :name :account :token :rights :address :now :ends
INSERT INTO web_session (hash, name, account, token, rights, address, made_at, used_at, ends_at)
VALUES (:hash, :name, :account, :token, :rights, :address, :now, :now, :ends)
