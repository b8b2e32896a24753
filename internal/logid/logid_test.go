package logid_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"umkmbot/internal/logid"
)

func TestLinesNameWhatTheyAreAbout(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(logid.Handler(slog.NewTextHandler(&out, nil)))
	ctx := logid.WithUpdate(t.Context(), 7)
	for name, c := range map[string]struct {
		ctx  context.Context
		want string
	}{
		"nothing":            {t.Context(), "a=1\n"},
		"an update":          {ctx, "a=1 update=7\n"},
		"a job":              {logid.WithJob(t.Context(), 9, []byte("{}")), "a=1 job=9\n"},
		"a job of an update": {logid.WithJob(t.Context(), 9, logid.Metadata(ctx, nil)), "a=1 update=7 job=9\n"},
		"strange metadata":   {logid.WithJob(t.Context(), 9, []byte("x")), "a=1 job=9\n"},
	} {
		out.Reset()
		log.With("a", 1).InfoContext(c.ctx, "m")
		if !strings.HasSuffix(out.String(), c.want) {
			t.Errorf("%s: %s", name, out.String())
		}
	}
	log.WithGroup("g").InfoContext(ctx, "m")
	if !strings.Contains(out.String(), "update=7") {
		t.Errorf("in a group: %s", out.String())
	}
}

func TestMetadataKeepsTheRest(t *testing.T) {
	ctx := logid.WithUpdate(t.Context(), 7)
	var got map[string]any
	if err := json.Unmarshal(logid.Metadata(ctx, []byte(`{"snoozes":2}`)), &got); err != nil || got["snoozes"] != 2.0 || got["update"] != 7.0 {
		t.Errorf("%v, %v", got, err)
	}
	if got := logid.Metadata(t.Context(), []byte("{}")); string(got) != "{}" {
		t.Errorf("without an update: %s", got)
	}
}
