-- Stores an import, or brings the row of the same payload and path up to date; ImportStore.save returns the row.
INSERT INTO import_file (payload_cid, path, size_bytes, modified_at, is_car, car_bytes, piece_cid, piece_size_padded,
                         imported_at)
VALUES (:payload_cid, :path, :size_bytes, :modified_at, :is_car, :car_bytes, :piece_cid, :piece_size_padded,
        :imported_at)
    ON CONFLICT (payload_cid, path) DO UPDATE
   SET size_bytes = EXCLUDED.size_bytes,
       modified_at = EXCLUDED.modified_at,
       is_car = EXCLUDED.is_car,
       car_bytes = EXCLUDED.car_bytes,
       piece_cid = EXCLUDED.piece_cid,
       piece_size_padded = EXCLUDED.piece_size_padded,
       imported_at = EXCLUDED.imported_at
RETURNING *
