-- Legality documents, what waits for the staff, and what they decided.
-- +goose Up

-- One version of a document of a business. What an owner wrote is sealed.
CREATE TABLE documents (
    id              uuid        PRIMARY KEY,
    business        uuid        NOT NULL REFERENCES businesses,
    kind            text        NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    label           text        NOT NULL DEFAULT '' CHECK (char_length(label) <= 100), -- what an "other" one is
    state           text        NOT NULL CHECK (state IN ('scanning', 'waiting', 'approved', 'returned', 'rejected', 'replaced')),
    account         bigint      NOT NULL REFERENCES accounts, -- that handed it in
    dialog          text        NOT NULL UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    previous        uuid        UNIQUE REFERENCES documents, -- the version before
    number_sealed   bytea,
    mismatch_sealed bytea,      -- a name in the file that differs from the profile's
    until           date,       -- the last day it is valid
    reminded        smallint    CHECK (reminded IN (90, 30, 7)), -- the last reminder of its end
    submitted_at    timestamptz NOT NULL,
    decided_at      timestamptz,
    CHECK ((decided_at IS NOT NULL) = (state IN ('approved', 'returned', 'rejected')))
);
CREATE INDEX documents_business ON documents (business, kind, submitted_at DESC);
CREATE INDEX documents_account ON documents (account);
CREATE INDEX documents_until ON documents (until, id) WHERE state = 'approved' AND until IS NOT NULL;

-- A document's pages. A file belongs to one document.
CREATE TABLE document_files (
    document uuid     NOT NULL REFERENCES documents,
    page     smallint NOT NULL CHECK (page BETWEEN 1 AND 200),
    file     uuid     NOT NULL UNIQUE REFERENCES files,
    PRIMARY KEY (document, page)
);

-- Whatever waits for a member of the staff, of every kind; its id is that of
-- the record it is about. A holder has it until held_until; what counts is
-- the program's clock, and a job frees it when the lease is over.
CREATE TABLE cases (
    id         uuid        PRIMARY KEY,
    kind       text        NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    topic      text        NOT NULL CHECK (topic ~ '^[a-z_]{1,40}$'),
    business   uuid        NOT NULL REFERENCES businesses,
    owner      uuid        NOT NULL REFERENCES owners,
    account    bigint      NOT NULL REFERENCES accounts, -- that handed it in
    village    text        NOT NULL CHECK (village ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$'),
    district   text        NOT NULL GENERATED ALWAYS AS (left(village, 8)) STORED,
    regency    text        NOT NULL GENERATED ALWAYS AS (left(village, 5)) STORED,
    returned   boolean     NOT NULL, -- sent back before: goes first
    since      timestamptz NOT NULL,
    state      text        NOT NULL CHECK (state IN ('waiting', 'held_back', 'closed')),
    version    integer     NOT NULL DEFAULT 1 CHECK (version > 0), -- raised whenever holder or state change
    holder     bigint      REFERENCES staff,
    held_until timestamptz,
    CHECK ((holder IS NULL) = (held_until IS NULL)),
    CHECK (holder IS NULL OR state = 'waiting')
);
-- The queue in its order, for each size of region.
CREATE INDEX cases_queue ON cases (kind, returned DESC, since, id) WHERE state = 'waiting';
CREATE INDEX cases_queue_regency ON cases (kind, regency, returned DESC, since, id) WHERE state = 'waiting';
CREATE INDEX cases_queue_district ON cases (kind, district, returned DESC, since, id) WHERE state = 'waiting';
-- Nobody holds two of a kind.
CREATE UNIQUE INDEX cases_holder ON cases (holder, kind) WHERE holder IS NOT NULL;
CREATE INDEX cases_business ON cases (business);
CREATE INDEX cases_owner ON cases (owner);
CREATE INDEX cases_account ON cases (account);

-- A business that moves takes what waits along.
-- +goose StatementBegin
CREATE FUNCTION cases_follow_business() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cases SET village = NEW.village WHERE business = NEW.id AND state <> 'closed';
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER cases_follow_business AFTER UPDATE OF village ON businesses
    FOR EACH ROW WHEN (OLD.village <> NEW.village) EXECUTE FUNCTION cases_follow_business();

-- How much waits by region and day, counted as it changes: counting cases
-- takes too long. A region is a regency (5 characters) or a district (8).
CREATE TABLE case_counts (
    kind    text     NOT NULL,
    size    smallint NOT NULL CHECK (size = char_length(region)),
    region  text     COLLATE "C" NOT NULL,
    topic   text     NOT NULL,
    day     date     NOT NULL, -- since when, in Banten
    waiting integer  NOT NULL CHECK (waiting >= 0),
    PRIMARY KEY (kind, size, region, topic, day)
) WITH (fillfactor = 50);

-- +goose StatementBegin
CREATE FUNCTION case_day(since timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (since AT TIME ZONE 'Asia/Jakarta')::date
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION cases_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'waiting' THEN
        UPDATE case_counts SET waiting = waiting - 1
        WHERE kind = OLD.kind AND topic = OLD.topic AND day = case_day(OLD.since)
            AND (size, region) IN ((5, OLD.regency), (8, OLD.district));
        DELETE FROM case_counts
        WHERE kind = OLD.kind AND topic = OLD.topic AND day = case_day(OLD.since) AND waiting = 0
            AND (size, region) IN ((5, OLD.regency), (8, OLD.district));
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'waiting' THEN
        INSERT INTO case_counts AS c (kind, size, region, topic, day, waiting)
        VALUES (NEW.kind, 5, NEW.regency, NEW.topic, case_day(NEW.since), 1),
            (NEW.kind, 8, NEW.district, NEW.topic, case_day(NEW.since), 1)
        ON CONFLICT (kind, size, region, topic, day) DO UPDATE SET waiting = c.waiting + 1;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- At the end of the transaction, so that the counters, which many share, are
-- locked last and for a moment.
CREATE CONSTRAINT TRIGGER cases_count AFTER INSERT OR DELETE ON cases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_count();
CREATE CONSTRAINT TRIGGER cases_recount AFTER UPDATE ON cases
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.state <> NEW.state OR OLD.village <> NEW.village OR OLD.since <> NEW.since)
    EXECUTE FUNCTION cases_count();

-- Who passed over what of late.
CREATE TABLE case_passes (
    account bigint      NOT NULL REFERENCES staff,
    "case"  uuid        NOT NULL REFERENCES cases,
    at      timestamptz NOT NULL,
    PRIMARY KEY (account, "case")
);
CREATE INDEX case_passes_case ON case_passes ("case");

-- What was decided. At most one decision on a case holds.
CREATE TABLE reviews (
    id             uuid        PRIMARY KEY,
    "case"         uuid        NOT NULL REFERENCES cases,
    kind           text        NOT NULL, -- of the case
    topic          text        NOT NULL,
    reviewer       bigint      REFERENCES staff, -- NULL: the virus scanner
    dialog         text        UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    verdict        text        NOT NULL CHECK (verdict IN ('approve', 'return', 'reject')),
    reasons        text[]      NOT NULL CHECK (cardinality(reasons) <= 20),
    note           text        NOT NULL CHECK (char_length(note) <= 500),
    since          timestamptz NOT NULL, -- when the case began to wait
    at             timestamptz NOT NULL,
    undone_at      timestamptz,
    notice_chat    bigint,
    notice_message bigint,
    CHECK (verdict = 'approve' OR cardinality(reasons) > 0 OR note <> ''),
    CHECK ((reviewer IS NULL) = (dialog IS NULL)),
    CHECK ((notice_chat IS NULL) = (notice_message IS NULL))
);
CREATE INDEX reviews_case ON reviews ("case", at DESC);
CREATE UNIQUE INDEX reviews_holding ON reviews ("case") WHERE undone_at IS NULL;
CREATE INDEX reviews_reviewer ON reviews (reviewer, at DESC);
CREATE INDEX reviews_pace ON reviews (kind, topic, at DESC) WHERE undone_at IS NULL AND reviewer IS NOT NULL;
