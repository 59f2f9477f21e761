-- Empties every table of a test.
TRUNCATE deal, deal_event, outbox, sector, sector_event, sector_piece, piece_setback, deal_notice, file_audit, chain_message, message_lane, fund_account, fund_hold, publish_queue, publish_attempt, chain_message_version, chain_message_gone, transfer_channel, ask, import_file, setting
