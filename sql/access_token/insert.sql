-- A new token.
-- :id :name :hash :rights :by :now :expires
INSERT INTO access_token (id, name, hash, rights, made_by, made_at, expires_at)
VALUES (:id, :name, :hash, :rights, :by, :now, :expires)
