-- Who works for the office, with what roles where, and how they were invited.
-- A member without grants has left: the row stays, for the history names it.
-- +goose Up
CREATE TABLE staff (
    telegram_id bigint      PRIMARY KEY CHECK (telegram_id > 0),
    name        text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    since       timestamptz NOT NULL
);
CREATE INDEX staff_name ON staff (name, telegram_id);

CREATE TABLE staff_grants (
    account    bigint      NOT NULL REFERENCES staff,
    role       text        NOT NULL CHECK (role IN ('reviewer', 'officer', 'admin')),
    region     text        NOT NULL CHECK (region ~ '^36(\.[0-9]{2}(\.[0-9]{2})?)?$'),
    granted_by bigint      REFERENCES staff, -- NULL: from the command line
    at         timestamptz NOT NULL,
    PRIMARY KEY (account, role, region),
    CHECK (role <> 'admin' OR region = '36') -- an admin's role reaches everywhere
);
CREATE INDEX staff_grants_role ON staff_grants (role, region text_pattern_ops);
CREATE INDEX staff_grants_granted_by ON staff_grants (granted_by);

-- Good once, for a day. The token itself is nowhere but in the link.
CREATE TABLE invites (
    id         uuid        PRIMARY KEY,
    dialog     text        UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64), -- that made it, in the chat
    token_hash bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    grants     jsonb       NOT NULL CHECK (jsonb_typeof(grants) = 'array' AND jsonb_array_length(grants) > 0),
    invited_by bigint      REFERENCES staff, -- NULL: from the command line
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    used_by    bigint      REFERENCES staff,
    CHECK ((used_at IS NULL) = (used_by IS NULL))
);
CREATE INDEX invites_invited_by ON invites (invited_by);
CREATE INDEX invites_used_by ON invites (used_by);
CREATE INDEX invites_unused ON invites (expires_at) WHERE used_at IS NULL;
