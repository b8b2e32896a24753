-- What records were before an owner changed them; both sides sealed.
-- +goose Up
CREATE TABLE changes (
    id            uuid        PRIMARY KEY,
    dialog        text        NOT NULL UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    business      uuid        NOT NULL REFERENCES businesses,
    account       bigint      NOT NULL REFERENCES accounts, -- that changed it
    fields        text[]      NOT NULL, -- names of what changed
    before_sealed bytea       NOT NULL,
    after_sealed  bytea       NOT NULL,
    at            timestamptz NOT NULL
);
CREATE INDEX changes_business ON changes (business, at DESC);
CREATE INDEX changes_account ON changes (account);
