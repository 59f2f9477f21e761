-- Forgets one import; the user's file is none of our business.
-- :id
DELETE FROM import_file
 WHERE id = :id
