-- What retention looks for every day.
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY IF NOT EXISTS documents_rejected ON documents (decided_at) WHERE state = 'rejected';
CREATE INDEX CONCURRENTLY IF NOT EXISTS tickets_closed ON tickets (closed_at) WHERE closed_at IS NOT NULL;
