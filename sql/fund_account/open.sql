-- Makes an address's account before its first hold.
-- :address
INSERT INTO fund_account (address, reserved_atto, rounds)
VALUES (:address, 0, 0)
    ON CONFLICT (address) DO NOTHING
