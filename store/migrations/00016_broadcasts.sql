-- What officers announce to many, and what they keep to do so again.
-- +goose Up

-- The row's lock is where everything begins that changes a broadcast.
CREATE TABLE broadcasts (
    id           uuid        PRIMARY KEY,
    dialog       text        NOT NULL UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    state        text        NOT NULL CHECK (state IN ('draft', 'waiting', 'scheduled', 'begun', 'cancelled')),
    version      integer     NOT NULL DEFAULT 1 CHECK (version > 0), -- raised by every change; who confirms says which
    changed_by   text        CHECK (char_length(changed_by) BETWEEN 1 AND 64), -- the dialog of the last change
    texts        jsonb       NOT NULL CHECK (jsonb_typeof(texts) = 'object'), -- by language
    file         uuid        UNIQUE REFERENCES files,
    picture      boolean     NOT NULL,
    file_id      text        NOT NULL DEFAULT '' CHECK (char_length(file_id) <= 300), -- Telegram's name of the file
    buttons      jsonb       NOT NULL CHECK (jsonb_typeof(buttons) = 'array'),
    urgent       boolean     NOT NULL,
    regions      text[]      NOT NULL CHECK (cardinality(regions) BETWEEN 1 AND 200), -- of the segment
    segment      jsonb       NOT NULL CHECK (jsonb_typeof(segment) = 'object'),
    at           timestamptz, -- not before; NULL: once it is confirmed
    created_by   bigint      NOT NULL REFERENCES staff,
    created_at   timestamptz NOT NULL,
    confirmed_by bigint      REFERENCES staff,
    confirmed_at timestamptz CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
    seconded_by  bigint      REFERENCES staff, -- who confirmed it as well, where one was not enough
    seconded_at  timestamptz CHECK ((seconded_at IS NULL) = (seconded_by IS NULL)),
    count        integer     NOT NULL DEFAULT 0 CHECK (count >= 0), -- people it was to go to when it was confirmed
    begins_at    timestamptz,
    begun_at     timestamptz,
    CHECK (seconded_by <> confirmed_by),
    CHECK (seconded_by IS NULL OR confirmed_by IS NOT NULL),
    CHECK (state NOT IN ('waiting', 'scheduled', 'begun') OR confirmed_by IS NOT NULL),
    CHECK (state NOT IN ('scheduled', 'begun') OR begins_at IS NOT NULL),
    CHECK ((state = 'begun') = (begun_at IS NOT NULL))
);
CREATE INDEX broadcasts_begun ON broadcasts (begun_at) WHERE begun_at IS NOT NULL;
CREATE INDEX broadcasts_created_by ON broadcasts (created_by);
CREATE INDEX broadcasts_confirmed_by ON broadcasts (confirmed_by) WHERE confirmed_by IS NOT NULL;
CREATE INDEX broadcasts_seconded_by ON broadcasts (seconded_by) WHERE seconded_by IS NOT NULL;

-- Segments and texts under a name; of one name each officer has one.
CREATE TABLE saved_segments (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    regions    text[]      NOT NULL CHECK (cardinality(regions) BETWEEN 1 AND 200), -- of the segment
    segment    jsonb       NOT NULL CHECK (jsonb_typeof(segment) = 'object'),
    created_by bigint      NOT NULL REFERENCES staff,
    at         timestamptz NOT NULL,
    UNIQUE (created_by, name)
);
CREATE TABLE broadcast_templates (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
    texts      jsonb       NOT NULL CHECK (jsonb_typeof(texts) = 'object'),
    created_by bigint      NOT NULL REFERENCES staff,
    at         timestamptz NOT NULL,
    UNIQUE (created_by, name)
);

-- Lists of registration numbers that officers sent in, as the businesses that
-- they mean.
CREATE TABLE segment_lists (
    id         uuid        PRIMARY KEY,
    dialog     text        NOT NULL UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    created_by bigint      NOT NULL REFERENCES staff,
    at         timestamptz NOT NULL,
    taken      integer     NOT NULL CHECK (taken >= 0),
    unknown    integer     NOT NULL CHECK (unknown >= 0),
    elsewhere  integer     NOT NULL CHECK (elsewhere >= 0),
    doubled    integer     NOT NULL CHECK (doubled >= 0)
);
CREATE INDEX segment_lists_created_by ON segment_lists (created_by);
CREATE TABLE segment_list_numbers (
    list     uuid NOT NULL REFERENCES segment_lists,
    business uuid NOT NULL REFERENCES businesses,
    PRIMARY KEY (list, business)
);
CREATE INDEX segment_list_numbers_business ON segment_list_numbers (business);

-- Who got what out of a programme.
CREATE INDEX requests_done ON requests (programme, business) WHERE state = 'done';

-- Chats are counted in this index alone, and so are days: it takes the place of
-- the one without them.
DROP INDEX reach_meant;
CREATE INDEX reach_meant ON reach (sole, regency, district, village) INCLUDE (sector, turnover, trained, owner, chat, registered_at, seen_at)
    WHERE messages AND chat IS NOT NULL;
