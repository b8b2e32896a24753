package store

import (
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// dump is what pg_restore would make of a backup of the records.
func (r *rotation) dump() string {
	r.t.Helper()
	out, err := exec.CommandContext(r.t.Context(), "pg_dump", "--no-owner", "--dbname="+r.pool.Config().ConnString()).Output()
	if err != nil {
		r.t.Fatalf("pg_dump: %v", err)
	}
	return string(out)
}

// A dump tells of its keys what the database does.
func TestDumpTellsItsKeys(t *testing.T) {
	t.Parallel()
	r := openRotation(t)
	r.fill()
	for range 2 { // with one key, and with indexes on their way to another
		if err := r.Chats.client.FlushDB(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		want, err := r.LookAtKeys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.keys.LookAtDump(strings.NewReader(r.dump()))
		if err != nil || !maps.Equal(got.Used, want.Used) || got.IndexKey != want.IndexKey || got.Unknown != want.Unknown ||
			!slices.Equal(got.MovingFrom, want.MovingFrom) || got.Index != nil || got.Used["old"] < int64(len(sealedColumns)) {
			t.Errorf("the dump %+v, %v\nthe database %+v", got, err, want)
		}
		r.use("new", "old")
		if err := r.moveIndexes(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	text := r.dump()
	for id, want := range map[string]error{"new": ErrIndexMoving, "young": ErrIndexKey} {
		_ = r.try(id)
		facts, err := r.keys.LookAtDump(strings.NewReader(text))
		if err != nil || !errors.Is(facts.Index, want) || facts.Used["old"] == 0 {
			t.Errorf("with %s alone: %+v, %v", id, facts, err)
		}
	}
	broken, w := io.Pipe()
	_ = w.CloseWithError(io.ErrClosedPipe)
	if _, err := r.keys.LookAtDump(broken); err == nil {
		t.Error("a dump that breaks off was read to its end")
	}
}
