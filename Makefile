# Needs Go 1.26 and make; what else is missing, deps installs.

.DEFAULT_GOAL := help
.PHONY: help deps deps-test demo build test soak bench golden lint fmt vuln

# The version comes by hand, since a machine without git stops Go's own stamp.
version := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
clients = internal/simulator/clients

# Another value for one run: make test TESTFLAGS='-run Register -v'
TESTFLAGS ?=
BENCHFLAGS ?=
SOAKFLAGS ?=

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: deps build ## try everything on this machine; Ctrl-C ends it, RESET=1 starts anew
	@exec bin/umkmbot demo

build: ## build bin/umkmbot, a static program
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w -X main.version=$(version)' -o bin/umkmbot ./cmd/umkmbot

test: deps-test ## test everything, on a Postgres and Redis of its own
	go test -race -timeout 40m $(TESTFLAGS) ./internal/... ./bot/... ./store/...
	go test -timeout 40m $(TESTFLAGS) $$(go list ./... | grep -vE '^umkmbot/(internal|bot|store)(/|$$)')
	go -C $(clients) test -timeout 10m $(TESTFLAGS) ./...

soak: deps-test ## everything that can go wrong, then half an hour of mixed life; SOAKFLAGS='-for 5m' for less
	go test ./cmd/umkmbot -run 'TestFaults|TestBacklog' -count=1 -timeout 1h -v -args -faults
	go test ./cmd/umkmbot -run TestSoak -count=1 -timeout 25h -v -args -report $(CURDIR)/.soak -for 30m $(SOAKFLAGS)

golden: deps ## write the conversation scripts' expected answers anew; look at the difference
	go test ./cmd/... -run Transcript -update -count=1

bench: deps ## measure parts, then the whole program; BENCHFLAGS=-quick for a coarse answer
	go test -run '^$$' -bench . -benchmem -timeout 1h ./internal/... ./bot/... ./flows/... ./locales/... ./store/... ./cmd/umkmbot/...
	go run ./internal/bench $(BENCHFLAGS)

lint: ## check style, imports and formatting
	@lint=$$(go tool -modfile=golangci.mod -n golangci-lint) && set -x && $$lint run && cd $(clients) && $$lint run

fmt: ## format all Go files
	go tool -modfile=golangci.mod golangci-lint fmt

vuln: ## look for known holes in what we import (asks vuln.go.dev)
	go tool govulncheck ./...

deps: ## install what running needs: Postgres and Redis
	@sh deploy/deps.sh

deps-test: ## install what testing needs besides: Chromium, PgBouncer, age, a C compiler, systemd
	@sh deploy/deps.sh test
