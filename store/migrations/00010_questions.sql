-- Questions that nobody has written an answer to. The text is a person's own:
-- sealed, read by staff only, and erased after ninety days.
-- +goose Up
CREATE TABLE missed_questions (
    id          uuid   PRIMARY KEY,
    day         date   NOT NULL, -- in the office's zone
    text_index  bytea  NOT NULL, -- by which the same text is found again
    text_sealed bytea  NOT NULL,
    count       bigint NOT NULL CHECK (count > 0),
    UNIQUE (day, text_index)
);
CREATE INDEX missed_questions_newest ON missed_questions (day DESC, id DESC);
