// Package clients holds the simulator against Telegram client libraries that
// know nothing of it: the same small bot, written with each of them, must work
// by polling and by webhook. It is a module of its own so that these libraries
// stay out of the product's go.mod; where that file changes a module that both
// use, run "go mod tidy" here too. Run it with
//
//	go -C internal/simulator/clients test ./...
package clients
