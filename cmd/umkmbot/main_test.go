package main

import (
	"flag"
	"testing"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/embedded/embeddedtest"
	"umkmbot/internal/inspect"
)

func TestMain(m *testing.M) {
	inspect.ChildIfAsked()
	redis.SetLogger(silent{})
	// These tests mostly wait, each for programs of its own.
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	embeddedtest.Main(m)
}
