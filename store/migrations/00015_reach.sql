-- Who can be reached, and what segments ask of a business, on one row each, so
-- that they are counted and planned without joins.
-- +goose Up

-- Only triggers write it. A row is a business's and not a person's: what a
-- segment asks for must hold of one and the same business. The key refers to
-- its business, so that none outlives it; the rest is copied under locks that
-- keep it true, and needs no checks of its own.
CREATE TABLE reach (
    business      uuid        PRIMARY KEY REFERENCES businesses ON DELETE CASCADE,
    owner         uuid        NOT NULL,
    chat          bigint,     -- of the owner's accounts that can be reached the one seen last; NULL: none can
    language      text,       -- of that account
    village       text        COLLATE "C" NOT NULL,
    district      text        COLLATE "C" NOT NULL GENERATED ALWAYS AS (left(village, 8)) STORED,
    regency       text        COLLATE "C" NOT NULL GENERATED ALWAYS AS (left(village, 5)) STORED,
    sector        text        NOT NULL, -- '': not told
    turnover      bigint,     -- rupiah a year; NULL: not told
    messages      boolean     NOT NULL, -- the owner agrees to be written to
    documents     text[]      NOT NULL, -- kinds that are approved
    ends          date[]      NOT NULL, -- until when, by kind; infinity: for good
    programmes    text[]      NOT NULL, -- asked for and not taken back or declined
    trained       boolean     NOT NULL, -- the owner has attended a training
    sole          boolean     NOT NULL, -- it is the owner's only one, and no account of the owner acts for another
    registered_at timestamptz NOT NULL,
    seen_at       timestamptz -- of the account
) WITH (fillfactor = 80);
CREATE INDEX reach_owner ON reach (owner, business);
-- Who is meant is counted in this index alone, unless documents or programmes
-- are asked for: it is a quarter of the table.
CREATE INDEX reach_meant ON reach (regency, district, village) INCLUDE (sector, turnover, trained, sole, owner)
    WHERE messages AND chat IS NOT NULL;

-- What the rows are by the records.
CREATE VIEW reach_records AS
SELECT b.id AS business, b.owner, account.telegram_id AS chat, account.language, b.village, coalesce(b.sector, '') AS sector,
    b.turnover_rupiah * CASE b.turnover_period WHEN 'day' THEN 365 WHEN 'week' THEN 52 WHEN 'month' THEN 12 ELSE 1 END AS turnover,
    coalesce(consent.granted, false) AS messages, document.kinds AS documents, document.ends, programme.ids AS programmes,
    EXISTS (SELECT FROM seats s WHERE s.owner = b.owner AND s.in_at IS NOT NULL) AS trained,
    NOT EXISTS (SELECT FROM businesses o WHERE o.owner = b.owner AND o.id <> b.id)
        AND NOT EXISTS (
            SELECT FROM account_owners mine JOIN account_owners o ON o.account = mine.account AND o.owner <> mine.owner
            WHERE mine.owner = b.owner) AS sole,
    b.registered_at, account.seen_at
FROM businesses b
LEFT JOIN LATERAL (
    SELECT a.telegram_id, a.language, a.seen_at FROM account_owners l JOIN accounts a ON a.telegram_id = l.account
    WHERE l.owner = b.owner AND a.reachable ORDER BY a.seen_at DESC, a.telegram_id LIMIT 1) account ON true
LEFT JOIN LATERAL (
    SELECT c.granted FROM consents c WHERE c.owner = b.owner AND c.purpose = 'messages' ORDER BY c.at DESC, c.id DESC LIMIT 1) consent ON true
-- An approval holds until the next one of the same document: what is handed in
-- to renew it, or is returned, takes nothing away.
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(k.kind ORDER BY k.kind), '{}') AS kinds, coalesce(array_agg(k.until ORDER BY k.kind), '{}') AS ends
    FROM (
        SELECT v.kind, max(v.until) AS until
        FROM (
            SELECT DISTINCT ON (d.kind, lower(d.label)) d.kind, coalesce(d.until, 'infinity') AS until
            FROM documents d WHERE d.business = b.id AND d.state = 'approved'
            ORDER BY d.kind, lower(d.label), d.submitted_at DESC, d.id DESC) v
        GROUP BY v.kind) k) document
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(DISTINCT r.programme ORDER BY r.programme), '{}') AS ids
    FROM requests r WHERE r.business = b.id AND r.state IN ('open', 'done')) programme;

-- Brings the rows of some owners up to date. Whoever changes what an owner's
-- rows are made of has the owner's lock from here to the end of the
-- transaction, so the last to have it sees, with the snapshot of the statement
-- after, what all before have committed. It is one of 1,024 locks, lest a
-- change of very many owners exhausts the server's memory of locks, and they
-- are taken in order. The owners of the call before are done already: within
-- the end of a transaction nothing changes any more.
-- +goose StatementBegin
CREATE FUNCTION reach_refresh(owners uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one uuid; -- at a time: that plan is made once a connection, with an array it is made each time
BEGIN
    IF owners IS NULL OR owners <@ nullif(current_setting('reach.done', true), '')::uuid[] THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(1919246691, l.lock)
    FROM (SELECT DISTINCT uuid_hash(o) & 1023 AS lock FROM unnest(owners) o ORDER BY 1) l;
    FOREACH one IN ARRAY owners LOOP
        INSERT INTO reach AS r (business, owner, chat, language, village, sector, turnover, messages, documents, ends, programmes,
            trained, sole, registered_at, seen_at)
        SELECT n.business, n.owner, n.chat, n.language, n.village, n.sector, n.turnover, n.messages, n.documents, n.ends, n.programmes,
            n.trained, n.sole, n.registered_at, n.seen_at
        FROM reach_records n WHERE n.owner = one
        ON CONFLICT (business) DO UPDATE SET chat = excluded.chat, language = excluded.language, village = excluded.village,
            sector = excluded.sector, turnover = excluded.turnover, messages = excluded.messages, documents = excluded.documents,
            ends = excluded.ends, programmes = excluded.programmes, trained = excluded.trained, sole = excluded.sole, seen_at = excluded.seen_at
        WHERE (r.chat, r.language, r.village, r.sector, r.turnover, r.messages, r.documents, r.ends, r.programmes, r.trained, r.sole, r.seen_at)
            IS DISTINCT FROM (excluded.chat, excluded.language, excluded.village, excluded.sector, excluded.turnover, excluded.messages,
                excluded.documents, excluded.ends, excluded.programmes, excluded.trained, excluded.sole, excluded.seen_at);
    END LOOP;
    PERFORM set_config('reach.done', owners::text, true);
END $$;
-- +goose StatementEnd

-- Of a row with an owner: that owner's.
-- +goose StatementBegin
CREATE FUNCTION reach_of_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reach_refresh(ARRAY[NEW.owner]);
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Of a row with a business: its owner's.
-- +goose StatementBegin
CREATE FUNCTION reach_of_business() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reach_refresh(ARRAY[b.owner]) FROM businesses b WHERE b.id = NEW.business;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Of an account: those of all for whom it acts.
-- +goose StatementBegin
CREATE FUNCTION reach_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reach_refresh(array_agg(l.owner)) FROM account_owners l WHERE l.account = NEW.telegram_id;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Of a link: its owner's, and those of the account's others, who may be alone
-- with it no longer, or again.
-- +goose StatementBegin
CREATE FUNCTION reach_of_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    link account_owners := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; -- that came or went
BEGIN
    PERFORM reach_refresh(array_agg(DISTINCT o.owner))
    FROM (SELECT link.owner UNION ALL SELECT l.owner FROM account_owners l WHERE l.account = link.account) o(owner);
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- Links of an account follow one another, and its own changes: else each of
-- two at once would miss the other's owner. The code locks accounts first, too.
-- +goose StatementBegin
CREATE FUNCTION account_owners_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM FROM accounts WHERE telegram_id = OLD.account FOR NO KEY UPDATE;
        RETURN OLD;
    END IF;
    PERFORM FROM accounts WHERE telegram_id = NEW.account FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER account_owners_lock BEFORE INSERT OR DELETE ON account_owners
    FOR EACH ROW EXECUTE FUNCTION account_owners_lock();

-- All at the end of the transaction: the locks are held for a moment, nothing
-- but counters of cases is waited for while one has them, and a registration
-- is looked at once. They must stay deferred, for reach.done's sake.
CREATE CONSTRAINT TRIGGER reach_business AFTER INSERT OR UPDATE OF village, sector, turnover_rupiah, turnover_period ON businesses
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION reach_of_owner();
CREATE CONSTRAINT TRIGGER reach_consent AFTER INSERT ON consents
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.purpose = 'messages') EXECUTE FUNCTION reach_of_owner();
CREATE CONSTRAINT TRIGGER reach_link AFTER INSERT OR DELETE ON account_owners
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION reach_of_link();
CREATE CONSTRAINT TRIGGER reach_account AFTER UPDATE OF reachable, language, seen_at ON accounts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.reachable <> NEW.reachable OR OLD.language <> NEW.language OR OLD.seen_at <> NEW.seen_at)
    EXECUTE FUNCTION reach_of_account();
CREATE CONSTRAINT TRIGGER reach_approved AFTER INSERT ON documents
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'approved') EXECUTE FUNCTION reach_of_business();
CREATE CONSTRAINT TRIGGER reach_decided AFTER UPDATE OF state, until ON documents
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state = 'approved' OR NEW.state = 'approved')
    EXECUTE FUNCTION reach_of_business();
CREATE CONSTRAINT TRIGGER reach_requested AFTER INSERT ON requests
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION reach_of_business();
CREATE CONSTRAINT TRIGGER reach_moved AFTER UPDATE OF state ON requests
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((OLD.state IN ('open', 'done')) <> (NEW.state IN ('open', 'done')))
    EXECUTE FUNCTION reach_of_business();
CREATE CONSTRAINT TRIGGER reach_came AFTER INSERT ON seats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.in_at IS NOT NULL) EXECUTE FUNCTION reach_of_owner();
CREATE CONSTRAINT TRIGGER reach_attended AFTER UPDATE OF in_at ON seats
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((OLD.in_at IS NULL) <> (NEW.in_at IS NULL)) EXECUTE FUNCTION reach_of_owner();

INSERT INTO reach (business, owner, chat, language, village, sector, turnover, messages, documents, ends, programmes,
    trained, sole, registered_at, seen_at)
SELECT business, owner, chat, language, village, sector, turnover, messages, documents, ends, programmes,
    trained, sole, registered_at, seen_at
FROM reach_records;
