-- What is asked of sectors by state alone, and of a sector's shared messages, without reading the whole tables.

CREATE INDEX sector_state_entered ON sector (state, entered_at);
CREATE INDEX sector_batch_number ON sector_batch (number);
