-- Files that were sent in. A row stands before its object is written and goes
-- after its object is removed, so that no object is without one.
-- +goose Up
CREATE TABLE files (
    id         uuid        PRIMARY KEY, -- the object's name
    account    bigint      NOT NULL CHECK (account > 0), -- that sent it; may have no record yet
    state      text        NOT NULL CHECK (state IN ('staged', 'attached', 'quarantined')),
    scan       text        NOT NULL CHECK (scan IN ('', 'clean', 'pending', 'infected')),
    mime       text        NOT NULL CHECK (char_length(mime) <= 100), -- by content; '' until it has been inspected
    size       bigint      NOT NULL CHECK (size >= 0), -- bytes as kept
    pages      integer     NOT NULL CHECK (pages >= 0),
    flaws      text[]      NOT NULL,
    hash_index bytea       CHECK (octet_length(hash_index) = 32), -- keyed, of what was sent
    sealed     bytea       NOT NULL, -- name, hash and what was read in it
    created_at timestamptz NOT NULL,
    kept_at    timestamptz -- whole, inspected, and to be used; NULL: on its way
);
CREATE INDEX files_account ON files (account, id);
CREATE INDEX files_hash ON files (hash_index) WHERE kept_at IS NOT NULL;
CREATE INDEX files_staged ON files (created_at, id) WHERE state = 'staged';
CREATE INDEX files_pending ON files (id) WHERE scan = 'pending';

-- How far the sweeper has gone through all files; it does a part at a time.
CREATE TABLE file_sweeps (
    name  text PRIMARY KEY CHECK (char_length(name) <= 40),
    after text NOT NULL CHECK (char_length(after) <= 200)
);
