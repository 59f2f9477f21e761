-- That version runs now.
-- :node :file :version
INSERT INTO route_live (node, file, version)
VALUES (:node, :file, :version)
    ON CONFLICT (node, file) DO UPDATE SET version = excluded.version
