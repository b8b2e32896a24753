-- The audit log ends with time, and in no other way.
-- +goose Up

-- Deletes the oldest entries, as far as they are older than a time, at most so
-- many; never one of the last year. Nothing else gets past the trigger.
-- +goose StatementBegin
CREATE FUNCTION audit_log_retain(before timestamptz, most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    gone integer;
BEGIN
    IF before > (SELECT at FROM audit_log ORDER BY id DESC LIMIT 1) - interval '365 days' THEN
        RAISE EXCEPTION 'audit_log is kept for a year' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM audit_log WHERE id IN (
        SELECT o.id FROM (SELECT id, at FROM audit_log ORDER BY id LIMIT most) o WHERE o.at < before);
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
-- +goose StatementEnd

-- What called last stands at the end of the context, whatever texts of
-- statements stand before: it must be the function above, called by itself.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    calls text;
BEGIN
    GET DIAGNOSTICS calls = PG_CONTEXT;
    IF TG_OP = 'DELETE' AND calls ~ '\nPL/pgSQL function (public\.)?audit_log_retain\(timestamp with time zone,integer\) line \d+ at SQL statement$' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
