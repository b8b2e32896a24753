package main

import (
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestProfilerAnswersOnlyWhereTold(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := taken.Addr().String()
	a := &app{settings: settings{Pprof: address}, log: slog.New(slog.DiscardHandler)}
	if _, err := a.profiler(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "PPROF: ") {
		t.Errorf("on a taken address: %v", err)
	}
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}
	stop, err := a.profiler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get("http://" + address + "/debug/pprof/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	stop()
	if resp, err := http.Get("http://" + address + "/debug/pprof/"); err == nil {
		resp.Body.Close()
		t.Error("it answers after its end")
	}
	off := &app{}
	stop, err = off.profiler(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stop()
}
