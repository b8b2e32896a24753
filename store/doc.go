// Package store keeps what must survive: records in Postgres and chats in
// Redis. Personal fields are sealed before they leave the process. Every time
// that a rule depends on comes from the caller or Config.Now, never from a
// server's clock; only leases and budgets, which replicas share, go by Redis's.
package store
