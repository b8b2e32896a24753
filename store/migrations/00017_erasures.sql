-- What is erased, and what is left of it.
-- +goose Up

-- That and when somebody's records go, or went. While one waits or is at work it
-- says whose; afterwards it is proof that the office did it, and names nobody.
CREATE TABLE erasures (
    id       uuid        PRIMARY KEY,
    dialog   text        UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64), -- that asked, in the chat
    account  bigint      CHECK (account > 0), -- that asked, or is told; NULL: they have been told
    owner    uuid,       -- NULL: the account alone, or done
    language text        CHECK (language ~ '^[a-z]{2,3}$'),
    reason   text        NOT NULL CHECK (reason IN ('asked', 'retired')),
    state    text        NOT NULL CHECK (state IN ('waiting', 'kept', 'working', 'done')),
    asked_at timestamptz NOT NULL,
    due_at   timestamptz NOT NULL,
    ended_at timestamptz, -- taken back, or erased
    whole    boolean     NOT NULL DEFAULT false, -- the account's own records went with them
    chats    bigint[]    NOT NULL DEFAULT '{}', -- whose chats have still to be emptied
    xact     bigint,     -- the transaction that erased: what was begun before it may still add to ledgers
    CHECK (state IN ('working', 'done') OR account IS NOT NULL),
    CHECK ((ended_at IS NULL) = (state = 'waiting'))
);
CREATE UNIQUE INDEX erasures_owner ON erasures (owner) WHERE state = 'waiting' AND owner IS NOT NULL;
CREATE UNIQUE INDEX erasures_account ON erasures (account) WHERE state = 'waiting' AND owner IS NULL;
CREATE INDEX erasures_standing ON erasures (account) WHERE state = 'waiting';

-- What is left of seats whose owner was erased, and says of nobody that it is
-- theirs: of a draw that was held its entry, lest it cannot be recomputed any
-- more; of a certificate that it is genuine.
CREATE TABLE erased_seats (
    id          uuid    PRIMARY KEY,
    training    uuid    NOT NULL REFERENCES trainings,
    number      integer CHECK (number > 0),
    cap         text, -- what the training's caps counted it as
    untrained   boolean,
    drawn       integer CHECK (drawn > 0),
    drawn_seat  boolean,
    certificate text    UNIQUE CHECK (certificate ~ '^[A-Z0-9-]{8,40}$'),
    CHECK ((certificate IS NULL) = (number IS NOT NULL)),
    CHECK ((number IS NULL) = (drawn IS NULL) AND (number IS NULL) = (drawn_seat IS NULL) AND (number IS NULL) = (untrained IS NULL))
);
CREATE INDEX erased_seats_training ON erased_seats (training, number);

-- Whose update it is, so that it can be found; NULL: of before, or nobody's.
ALTER TABLE dead_letters ADD COLUMN chat bigint;
-- safe: dead letters are few
CREATE INDEX dead_letters_chat ON dead_letters (chat) WHERE chat IS NOT NULL;
