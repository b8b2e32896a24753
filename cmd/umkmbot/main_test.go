package main

import (
	"testing"

	"github.com/redis/go-redis/v9"

	"umkmbot/internal/embedded/embeddedtest"
)

func TestMain(m *testing.M) {
	redis.SetLogger(silent{})
	embeddedtest.Main(m)
}
