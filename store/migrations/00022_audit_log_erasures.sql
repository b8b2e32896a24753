-- The list of erasures is read every hour.
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_log_erasures ON audit_log (at, id)
WHERE action IN ('erasure.asked', 'erasure.kept', 'owner.erased', 'account.erased');
