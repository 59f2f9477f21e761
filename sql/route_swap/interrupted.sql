-- Changes that the end of the process cut off.
-- :node
UPDATE route_swap
   SET verdict = 'interrupted', reason = 'the node ended meanwhile; the file was judged again at its start'
 WHERE node = :node
   AND verdict = 'underway'
