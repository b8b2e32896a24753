// Package embedded runs a private Postgres and Redis for the demo and the tests.
package embedded
