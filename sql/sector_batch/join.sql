-- Takes a sector's wish into a message, unless it is in one already: the caller relies on the count of rows.
-- :member_key :message_key :number :place
INSERT INTO sector_batch (member_key, message_key, number, place)
VALUES (:member_key, :message_key, :number, :place)
    ON CONFLICT (member_key) DO NOTHING
