package main

import (
	"flag"
	"testing"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/embedded/embeddedtest"
)

func TestMain(m *testing.M) {
	redis.SetLogger(silent{})
	// These tests mostly wait, each for programs of its own.
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	embeddedtest.Main(m)
}
