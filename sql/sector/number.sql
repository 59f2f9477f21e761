-- The next sector number; a number is never given twice, also when its transaction rolls back.
SELECT nextval('sector_number_seq')
