-- A setting of the server.
SELECT current_setting(:setting)
