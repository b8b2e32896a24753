-- Whom ledgers name: for the copy that people may have, and for erasing.
-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY IF NOT EXISTS deliveries_chat ON deliveries (chat);
