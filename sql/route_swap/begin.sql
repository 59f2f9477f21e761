-- A change is about to be tried.
-- :node :now :who :file :from_version (null for a new file) :diff
INSERT INTO route_swap (node, at, who, file, from_version, verdict, diff)
VALUES (:node, :now, :who, :file, CAST(:from_version AS integer), 'underway', :diff)
RETURNING id
