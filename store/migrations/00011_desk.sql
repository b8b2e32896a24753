-- Requests for programmes, tickets, and what is said about them, on the same
-- cases as documents.
-- +goose Up

-- A case is looked at by a role. Somebody who is not registered may have one,
-- and then its place may be a district, a regency or the province. While it lies on a
-- desk its state is 'desk': the queue is what nobody has.
ALTER TABLE cases
    ADD COLUMN role       text        NOT NULL DEFAULT 'reviewer' CHECK (role IN ('reviewer', 'officer')),
    ADD COLUMN due_at     timestamptz, -- by when the office means to act; NULL: it has
    ADD COLUMN overdue_at timestamptz, -- since when that is over, as it was noticed
    ADD COLUMN unanswered boolean     NOT NULL DEFAULT false, -- the last word is not the office's
    ALTER COLUMN business DROP NOT NULL,
    ALTER COLUMN owner DROP NOT NULL,
    DROP CONSTRAINT cases_topic_check,
    ADD CONSTRAINT cases_topic_check CHECK (topic ~ '^[a-z][a-z0-9_]{0,39}$'),
    DROP CONSTRAINT cases_village_check,
    ADD CONSTRAINT cases_village_check CHECK (village ~ '^36(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$'),
    DROP CONSTRAINT cases_state_check,
    ADD CONSTRAINT cases_state_check CHECK (state IN ('waiting', 'held_back', 'desk', 'closed')),
    DROP CONSTRAINT cases_check1,
    ADD CONSTRAINT cases_holder_check CHECK (CASE state WHEN 'desk' THEN holder IS NOT NULL WHEN 'waiting' THEN true ELSE holder IS NULL END),
    ADD CONSTRAINT cases_place_check CHECK ((business IS NULL) = (owner IS NULL)),
    ADD CONSTRAINT cases_ticket_check CHECK (kind <> 'ticket' OR topic IN ('help', 'complaint')),
    ADD CONSTRAINT cases_document_check CHECK (kind <> 'document' OR business IS NOT NULL AND state <> 'desk');

-- The queue in its order, for each size of region, of all topics and of one.
DROP INDEX cases_queue, cases_queue_regency, cases_queue_district, cases_holder;
CREATE INDEX cases_queue ON cases (kind, role, returned DESC, since, id) WHERE state = 'waiting';
CREATE INDEX cases_queue_regency ON cases (kind, role, regency, returned DESC, since, id) WHERE state = 'waiting';
CREATE INDEX cases_queue_district ON cases (kind, role, district, returned DESC, since, id) WHERE state = 'waiting';
CREATE INDEX cases_topic ON cases (kind, role, topic, returned DESC, since, id) WHERE state = 'waiting' AND kind <> 'document';
CREATE INDEX cases_topic_regency ON cases (kind, role, topic, regency, returned DESC, since, id) WHERE state = 'waiting' AND kind <> 'document';
CREATE INDEX cases_topic_district ON cases (kind, role, topic, district, returned DESC, since, id) WHERE state = 'waiting' AND kind <> 'document';
-- Nobody holds two of a kind that are not for a desk.
CREATE UNIQUE INDEX cases_holder ON cases (holder, kind) WHERE holder IS NOT NULL AND state = 'waiting';
CREATE INDEX cases_desk ON cases (holder, since, id) WHERE state = 'desk';

-- Counted by role, too. size is the level, 5 a regency and 8 a district; what
-- has no district, or no regency, is counted under what it has.
ALTER TABLE case_counts
    ADD COLUMN role text NOT NULL DEFAULT 'reviewer',
    DROP CONSTRAINT case_counts_check,
    ADD CONSTRAINT case_counts_size_check CHECK (size IN (5, 8)),
    DROP CONSTRAINT case_counts_pkey,
    ADD PRIMARY KEY (kind, role, size, region, topic, day);

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION cases_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'waiting' THEN
        UPDATE case_counts SET waiting = waiting - 1
        WHERE kind = OLD.kind AND role = OLD.role AND topic = OLD.topic AND day = case_day(OLD.since)
            AND (size, region) IN ((5, OLD.regency), (8, OLD.district));
        DELETE FROM case_counts
        WHERE kind = OLD.kind AND role = OLD.role AND topic = OLD.topic AND day = case_day(OLD.since) AND waiting = 0
            AND (size, region) IN ((5, OLD.regency), (8, OLD.district));
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'waiting' THEN
        INSERT INTO case_counts AS c (kind, role, size, region, topic, day, waiting)
        VALUES (NEW.kind, NEW.role, 5, NEW.regency, NEW.topic, case_day(NEW.since), 1),
            (NEW.kind, NEW.role, 8, NEW.district, NEW.topic, case_day(NEW.since), 1)
        ON CONFLICT (kind, role, size, region, topic, day) DO UPDATE SET waiting = c.waiting + 1;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- What the office has set of a programme, and how many have a place in it. The
-- row's lock gives the last place once.
CREATE TABLE programmes (
    id     text    PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9_]{0,39}$'),
    closed boolean NOT NULL DEFAULT false,
    quota  integer CHECK (quota >= 0), -- NULL: as its file says; 0: none
    asked  integer NOT NULL DEFAULT 0 CHECK (asked >= 0) -- open and done
) WITH (fillfactor = 50);

-- What owners have asked for; what they answered is sealed. The id is the case's.
CREATE TABLE requests (
    id        uuid        PRIMARY KEY REFERENCES cases,
    programme text        NOT NULL REFERENCES programmes,
    business  uuid        NOT NULL REFERENCES businesses,
    account   bigint      NOT NULL REFERENCES accounts, -- that asked
    dialog    text        NOT NULL UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    sealed    bytea       NOT NULL, -- answers and consents
    state     text        NOT NULL CHECK (state IN ('open', 'done', 'declined', 'cancelled')),
    stage     text        NOT NULL DEFAULT '' CHECK (char_length(stage) <= 40),
    asked_at  timestamptz NOT NULL,
    moved_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX requests_open ON requests (business, programme) WHERE state = 'open';
CREATE INDEX requests_business ON requests (business, asked_at DESC, id DESC);
CREATE INDEX requests_account ON requests (account);
CREATE INDEX requests_programme ON requests (programme);

-- What happened to a request.
CREATE TABLE request_steps (
    id          uuid        PRIMARY KEY,
    request     uuid        NOT NULL REFERENCES requests,
    staff       bigint      REFERENCES staff, -- NULL: the owner
    dialog      text        UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64), -- of the staff's
    state       text        NOT NULL CHECK (state IN ('open', 'done', 'declined', 'cancelled')),
    stage       text        NOT NULL CHECK (char_length(stage) <= 40),
    note_sealed bytea,
    at          timestamptz NOT NULL,
    CHECK ((staff IS NULL) = (dialog IS NULL))
);
CREATE INDEX request_steps_request ON request_steps (request, at DESC, id DESC);
CREATE INDEX request_steps_staff ON request_steps (staff);

-- Conversations between somebody and the office. The id is the case's.
CREATE TABLE tickets (
    id          uuid        PRIMARY KEY REFERENCES cases,
    account     bigint      NOT NULL REFERENCES accounts, -- that opened it
    dialog      text        NOT NULL UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    name_sealed bytea,
    context     text        NOT NULL CHECK (char_length(context) <= 200), -- ids of what the person was doing
    opened_at   timestamptz NOT NULL,
    closed_at   timestamptz
);
CREATE INDEX tickets_account ON tickets (account, opened_at DESC, id DESC);

-- What was said about a case, sealed, and what the owner's side and the staff
-- did to it in between.
CREATE TABLE messages (
    id          uuid        PRIMARY KEY,
    "case"      uuid        NOT NULL REFERENCES cases,
    account     bigint      REFERENCES accounts, -- that said it, for the owner's side
    staff       bigint      REFERENCES staff,    -- or of the office
    key         text        UNIQUE CHECK (char_length(key) BETWEEN 1 AND 64), -- of what was said
    event       text        NOT NULL CHECK (event IN ('', 'handed_over', 'closed', 'reopened')),
    text_sealed bytea,
    file        uuid        UNIQUE REFERENCES files,
    at          timestamptz NOT NULL,
    CHECK ((account IS NULL) <> (staff IS NULL)),
    CHECK ((key IS NULL) = (event <> ''))
);
CREATE INDEX messages_case ON messages ("case", at DESC, id DESC);
CREATE INDEX messages_account ON messages (account);
CREATE INDEX messages_staff ON messages (staff);
