-- A lease is taken and given back several times in a deal's life. Without an index on it, and with room left in the page, that
-- writes no index at all (a heap-only update); what a starting node takes back it finds among the live deals.
DROP INDEX deal_lease;
ALTER TABLE deal SET (fillfactor = 75);
