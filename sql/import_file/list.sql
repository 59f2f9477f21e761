-- All imports in the order of their numbers, for ClientListImports.
SELECT *
  FROM import_file
 ORDER BY id
