-- Messages that go from a chat by themselves: the pages of documents.
-- +goose Up
CREATE TABLE fleeting (
    chat    bigint      NOT NULL CHECK (chat > 0),
    message bigint      NOT NULL CHECK (message > 0),
    subject text        NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 100), -- those of one go together
    until   timestamptz NOT NULL,
    PRIMARY KEY (chat, message)
);
CREATE INDEX fleeting_subject ON fleeting (chat, subject, until);

-- The last day on which a member of the staff was told in the morning what waits.
CREATE TABLE digests (
    account bigint PRIMARY KEY REFERENCES staff,
    day     date   NOT NULL
);
