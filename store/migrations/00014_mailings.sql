-- Messages to many, and the ledger that says what happened to each person's.
-- +goose Up

CREATE TABLE mailings (
    id         uuid        PRIMARY KEY,
    key        text        NOT NULL UNIQUE CHECK (char_length(key) BETWEEN 1 AND 100), -- of what caused it: planned once
    kind       text        NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    subject    uuid,       -- of the record it is about
    what       text        NOT NULL CHECK (char_length(what) <= 40),
    created_by bigint      REFERENCES staff, -- NULL: nobody's doing
    urgent     boolean     NOT NULL,
    state      text        NOT NULL CHECK (state IN ('running', 'paused', 'cancelled', 'done')),
    planned_at timestamptz NOT NULL,
    done_at    timestamptz, -- every delivery has come to its end
    total      integer     NOT NULL DEFAULT 0 CHECK (total >= 0),
    CHECK (state <> 'done' OR done_at IS NOT NULL)
);
CREATE INDEX mailings_subject ON mailings (kind, subject, id DESC);
CREATE INDEX mailings_open ON mailings (id) WHERE done_at IS NULL;
CREATE INDEX mailings_created_by ON mailings (created_by) WHERE created_by IS NOT NULL;

-- Those who work a mailing off, and how far each has come. The row's lock and
-- its run fence a worker whose time is over: every claim and mark names the run.
CREATE TABLE mailing_lanes (
    mailing   uuid     NOT NULL REFERENCES mailings,
    lane      smallint NOT NULL CHECK (lane >= 0),
    run       integer  NOT NULL DEFAULT 0,
    wake      integer  NOT NULL DEFAULT 0, -- how often it was woken: the job of an earlier time is off
    idle      boolean  NOT NULL DEFAULT false, -- no job will work it
    reached   integer  NOT NULL DEFAULT 0, -- what it looks behind for more
    sending   integer  NOT NULL DEFAULT 0 CHECK (sending >= 0),
    sent      integer  NOT NULL DEFAULT 0,
    blocked   integer  NOT NULL DEFAULT 0,
    failed    integer  NOT NULL DEFAULT 0,
    uncertain integer  NOT NULL DEFAULT 0,
    skipped   integer  NOT NULL DEFAULT 0,
    PRIMARY KEY (mailing, lane)
) WITH (fillfactor = 50);

-- One row a person. No foreign keys and no second index: hundreds of thousands
-- are planned in one statement, which also sees that nobody is in it twice, and
-- each is changed in place twice.
CREATE TABLE deliveries (
    mailing  uuid        NOT NULL,
    n        integer     NOT NULL, -- from 1
    chat     bigint      NOT NULL,
    subject  uuid,       -- what it is about for them
    lane     smallint,   -- that claimed it; NULL: none has
    message  integer,    -- that told them
    at       timestamptz NOT NULL, -- of the state
    language text        NOT NULL,
    state    text        NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'sending', 'sent', 'blocked', 'failed', 'uncertain', 'skipped')),
    PRIMARY KEY (mailing, n)
) WITH (fillfactor = 70);
