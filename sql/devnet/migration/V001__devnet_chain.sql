-- The embedded chain: one row a block, one a message, and the state as the rows each block changed.

CREATE TABLE devnet_setting (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE devnet_block (
    height bigint PRIMARY KEY,
    cid    text   NOT NULL UNIQUE,
    salt   bigint NOT NULL,
    header bytea  NOT NULL
);

CREATE TABLE devnet_message (
    height    bigint  NOT NULL REFERENCES devnet_block (height) ON DELETE CASCADE,
    place     integer NOT NULL,
    cid       text    NOT NULL,
    inner_cid text    NOT NULL,
    body      bytea   NOT NULL,
    receipt   bytea   NOT NULL,
    events    bytea   NOT NULL,
    PRIMARY KEY (height, place)
);

CREATE INDEX devnet_message_cid ON devnet_message (cid);
CREATE INDEX devnet_message_inner_cid ON devnet_message (inner_cid);

-- The value of one row of one table of the chain state from this height on; null when the row went away there.
CREATE TABLE devnet_state_entry (
    state_table smallint NOT NULL,
    key         bytea    NOT NULL,
    height      bigint   NOT NULL,
    value       bytea,
    PRIMARY KEY (state_table, key, height)
);

CREATE INDEX devnet_state_entry_height ON devnet_state_entry (height);

CREATE TABLE devnet_pool_message (
    cid  text  PRIMARY KEY,
    body bytea NOT NULL
);
