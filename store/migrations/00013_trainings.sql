-- Trainings, who has what to do with them, and what came of it.
-- +goose Up

-- The row's lock gives the places: whoever takes, gives back or moves one has it.
CREATE TABLE trainings (
    id              uuid             PRIMARY KEY,
    dialog          text             NOT NULL UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    state           text             NOT NULL CHECK (state IN ('draft', 'open', 'done', 'cancelled')),
    version         integer          NOT NULL DEFAULT 1 CHECK (version > 0),  -- raised by every change
    schedule        integer          NOT NULL DEFAULT 1 CHECK (schedule > 0), -- raised when a time moves: what was due by an older one is off
    changed_by      text             CHECK (char_length(changed_by) BETWEEN 1 AND 64), -- the dialog of the last change
    title           text             NOT NULL CHECK (char_length(title) BETWEEN 1 AND 120),
    topic           text             NOT NULL CHECK (topic ~ '^[a-z_]{1,40}$'),
    about           text             NOT NULL CHECK (char_length(about) <= 1000),
    online          boolean          NOT NULL,
    venue           text             NOT NULL CHECK (char_length(venue) <= 300),
    latitude        double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude       double precision CHECK (longitude BETWEEN -180 AND 180),
    link            text             NOT NULL CHECK (char_length(link) <= 500),
    starts_at       timestamptz      NOT NULL,
    ends_at         timestamptz      NOT NULL,
    quota           integer          NOT NULL CHECK (quota BETWEEN 1 AND 100000),
    caps            jsonb            NOT NULL CHECK (jsonb_typeof(caps) = 'object'),
    regions         text[]           NOT NULL CHECK (cardinality(regions) BETWEEN 1 AND 200), -- of the segment
    segment         jsonb            NOT NULL CHECK (jsonb_typeof(segment) = 'object'),
    filling         text             NOT NULL CHECK (filling IN ('open', 'invite', 'draw')),
    untrained_first boolean          NOT NULL,
    closes_at       timestamptz      NOT NULL,
    answer_minutes  integer          NOT NULL CHECK (answer_minutes BETWEEN 0 AND 100000),
    bring           text             NOT NULL CHECK (char_length(bring) <= 500),
    travel          text             NOT NULL CHECK (char_length(travel) <= 500),
    created_by      bigint           NOT NULL REFERENCES staff,
    created_at      timestamptz      NOT NULL,
    published_at    timestamptz,
    ended_at        timestamptz,     -- cancelled or done
    reason          text             NOT NULL DEFAULT '' CHECK (char_length(reason) <= 500),
    seed_hash       bytea            CHECK (octet_length(seed_hash) = 32),
    seed_sealed     bytea,           -- until the draw
    seed            bytea            CHECK (octet_length(seed) = 32), -- since the draw
    drawn_at        timestamptz,
    drawn_rules     jsonb            CHECK (jsonb_typeof(drawn_rules) = 'object'), -- umkm.DrawRules as they were then
    joined          integer          NOT NULL DEFAULT 0 CHECK (joined >= 0), -- the last number given
    CHECK (ends_at > starts_at),
    CHECK (closes_at <= ends_at),
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    CHECK ((seed IS NULL) = (drawn_at IS NULL)),
    CHECK ((drawn_rules IS NULL) = (drawn_at IS NULL)),
    CHECK (state = 'draft' OR state = 'cancelled' OR published_at IS NOT NULL)
);
CREATE INDEX trainings_starts ON trainings (starts_at, id);
CREATE INDEX trainings_open ON trainings (closes_at, id) WHERE state = 'open';
CREATE INDEX trainings_created_by ON trainings (created_by);

-- What an owner has to do with a training: at most one row each. Where its
-- business lies and what it makes are as they were then: caps count by them.
CREATE TABLE seats (
    id             uuid        PRIMARY KEY,
    training       uuid        NOT NULL REFERENCES trainings,
    owner          uuid        NOT NULL REFERENCES owners,
    business       uuid        NOT NULL REFERENCES businesses,
    account        bigint      NOT NULL REFERENCES accounts, -- that joined, or is invited
    village        text        NOT NULL CHECK (village ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$'),
    sector         text        NOT NULL CHECK (sector ~ '^[a-z_]{0,40}$'),
    cap            text        NOT NULL, -- what the training's caps count it as
    untrained      boolean     NOT NULL,
    number         integer     NOT NULL CHECK (number >= 0), -- from 1 in order of joining; 0: a candidate
    state          text        NOT NULL CHECK (state IN ('candidate', 'invited', 'applied', 'seated', 'waiting', 'declined', 'lapsed', 'cancelled', 'lost', 'removed')),
    queue          bigint      NOT NULL, -- the order of those who wait, and of candidates, the smallest first
    drawn          integer     CHECK (drawn > 0), -- the place that the draw gave, those it seated before the others
    drawn_seat     boolean     CHECK ((drawn IS NULL) = (drawn_seat IS NULL)), -- the draw gave a seat; what became of it is the state
    answer_until   timestamptz, -- of one invited
    remind_at      timestamptz, -- when they asked to be reminded
    in_at          timestamptz,
    in_by          bigint      REFERENCES staff, -- NULL: by the room's code
    out_at         timestamptz,
    out_by         bigint      REFERENCES staff,
    walk_in        boolean     NOT NULL DEFAULT false,
    certificate    text        UNIQUE CHECK (certificate ~ '^[A-Z0-9-]{8,40}$'),
    rating         smallint    CHECK (rating BETWEEN 1 AND 5),
    comment_sealed bytea,
    rated_at       timestamptz CHECK ((rated_at IS NULL) = (rating IS NULL)),
    changed_at     timestamptz NOT NULL, -- of the state
    UNIQUE (training, owner),
    CHECK ((state = 'invited') = (answer_until IS NOT NULL)),
    CHECK (out_at IS NULL OR in_at IS NOT NULL)
);
CREATE INDEX seats_state ON seats (training, state, queue, id);
CREATE UNIQUE INDEX seats_number ON seats (training, number) WHERE number > 0;
CREATE INDEX seats_owner ON seats (owner);
CREATE INDEX seats_account ON seats (account);
CREATE INDEX seats_business ON seats (business);
CREATE INDEX seats_in_by ON seats (in_by) WHERE in_by IS NOT NULL;
CREATE INDEX seats_out_by ON seats (out_by) WHERE out_by IS NOT NULL;

-- What those who attended may have: a file or a link.
CREATE TABLE materials (
    id       uuid        PRIMARY KEY,
    training uuid        NOT NULL REFERENCES trainings,
    dialog   text        NOT NULL UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    title    text        NOT NULL CHECK (char_length(title) BETWEEN 1 AND 100),
    link     text        NOT NULL CHECK (char_length(link) <= 500),
    file     uuid        UNIQUE REFERENCES files,
    added_by bigint      NOT NULL REFERENCES staff,
    at       timestamptz NOT NULL,
    CHECK ((link = '') = (file IS NOT NULL))
);
CREATE INDEX materials_training ON materials (training, id);
CREATE INDEX materials_added_by ON materials (added_by);
