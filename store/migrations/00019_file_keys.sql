-- Under which key a file's object is sealed, so that nobody has to open each
-- to know whether a key may go; NULL: not known.
-- +goose Up
ALTER TABLE files ADD COLUMN key_id text CHECK (key_id ~ '^[a-z0-9_-]{1,16}$');
