-- A message is looked for by the CID under which it landed at each look at it, and by whoever opens a deal.
CREATE INDEX chain_message_landed ON chain_message (landed_cid) WHERE landed_cid IS NOT NULL;
