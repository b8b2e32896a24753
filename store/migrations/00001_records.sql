-- Times are the program's, never now(): tests move its clock. Keys are UUIDv7.
-- +goose Up

-- Telegram accounts. Nothing is stored of one before its holder consents.
CREATE TABLE accounts (
    telegram_id     bigint      PRIMARY KEY CHECK (telegram_id > 0),
    language        text        NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    reachable       boolean     NOT NULL DEFAULT true,
    reachable_since timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    seen_at         timestamptz NOT NULL
);

-- People. Only the NIK is unique: families share phones.
CREATE TABLE owners (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    nik_sealed bytea       NOT NULL,
    nik_index  bytea       NOT NULL UNIQUE CHECK (octet_length(nik_index) = 32),
    phone      text        NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    created_at timestamptz NOT NULL
);

-- Which accounts act for which owners.
CREATE TABLE account_owners (
    account    bigint      NOT NULL REFERENCES accounts,
    owner      uuid        NOT NULL REFERENCES owners,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account, owner)
);
CREATE INDEX account_owners_owner ON account_owners (owner);

-- What an owner agreed to or refused; the newest row of a purpose holds.
CREATE TABLE consents (
    id       uuid        PRIMARY KEY,
    owner    uuid        NOT NULL REFERENCES owners,
    account  bigint      NOT NULL REFERENCES accounts, -- that gave it
    purpose  text        NOT NULL CHECK (purpose ~ '^[a-z_]{1,40}$'),
    version  text        NOT NULL CHECK (char_length(version) BETWEEN 1 AND 40),
    language text        NOT NULL CHECK (language ~ '^[a-z]{2,3}$'), -- of the text shown
    granted  boolean     NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX consents_owner ON consents (owner, purpose, at DESC);
CREATE INDEX consents_account ON consents (account);

-- district and regency are the village's prefixes, so that a prefix is a segment.
CREATE TABLE businesses (
    id              uuid        PRIMARY KEY,
    owner           uuid        NOT NULL REFERENCES owners,
    account         bigint      NOT NULL REFERENCES accounts, -- that registered it
    dialog          text        NOT NULL UNIQUE CHECK (char_length(dialog) BETWEEN 1 AND 64),
    number          text        NOT NULL UNIQUE CHECK (number ~ '^[0-9]{6}-[0-9]{6,12}$'),
    name            text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    village         text        NOT NULL CHECK (village ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}$'),
    district        text        NOT NULL GENERATED ALWAYS AS (left(village, 8)) STORED,
    regency         text        NOT NULL GENERATED ALWAYS AS (left(village, 5)) STORED,
    turnover_rupiah bigint      CHECK (turnover_rupiah BETWEEN 0 AND 100000000000000),
    turnover_period text        CHECK (turnover_period IN ('day', 'week', 'month', 'year')),
    registered_at   timestamptz NOT NULL,
    CHECK ((turnover_rupiah IS NULL) = (turnover_period IS NULL))
);
CREATE INDEX businesses_owner ON businesses (owner, id);
CREATE INDEX businesses_account ON businesses (account);
CREATE INDEX businesses_village ON businesses (village text_pattern_ops, id);
CREATE INDEX businesses_district ON businesses (district text_pattern_ops, id);
CREATE INDEX businesses_regency ON businesses (regency text_pattern_ops, id);

-- The last number given in a district; the row's lock makes numbers gapless.
-- Half-empty pages let its updates stay in place.
CREATE TABLE district_sequences (
    district text   PRIMARY KEY CHECK (district ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$'),
    last     bigint NOT NULL CHECK (last > 0)
) WITH (fillfactor = 50);

-- Who did what to what. details never hold personal data.
CREATE TABLE audit_log (
    id      uuid        PRIMARY KEY,
    actor   text        NOT NULL CHECK (char_length(actor) BETWEEN 1 AND 80),
    action  text        NOT NULL CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    subject text        NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 120),
    at      timestamptz NOT NULL,
    details jsonb       NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object')
);
CREATE INDEX audit_log_subject ON audit_log (subject, at);
CREATE INDEX audit_log_actor ON audit_log (actor, at);

-- +goose StatementBegin
CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only();

-- Updates given up after failing by their own fault.
CREATE TABLE dead_letters (
    id             uuid        PRIMARY KEY,
    update_id      bigint      NOT NULL UNIQUE,
    reason         text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 500),
    payload_sealed bytea       NOT NULL,
    at             timestamptz NOT NULL
);

-- Replies that Telegram asked to hold back. position is their order in a chat:
-- the chat's lease lets one replica add at a time.
CREATE TABLE held_replies (
    id           uuid        PRIMARY KEY,
    position     bigint      GENERATED ALWAYS AS IDENTITY,
    chat         bigint      NOT NULL,
    reply_sealed bytea       NOT NULL,
    send_after   timestamptz NOT NULL,
    created_at   timestamptz NOT NULL
);
CREATE INDEX held_replies_chat ON held_replies (chat, position);

-- Marks of keys that must not change unnoticed.
CREATE TABLE key_marks (
    purpose text  PRIMARY KEY,
    mark    bytea NOT NULL
);
