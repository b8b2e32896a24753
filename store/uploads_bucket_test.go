package store

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"umkmbot/internal/umkm"
	"umkmbot/store/files"
)

// TestFilesInABucket: the same way in, into quarantine and out as in a folder.
func TestFilesInABucket(t *testing.T) {
	d := openDrawer(t)
	backend := s3mem.New()
	service := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(service.Close)
	if err := backend.CreateBucket("dokumen"); err != nil {
		t.Fatal(err)
	}
	bucket, err := files.OpenBucket(files.Place{
		Host: strings.TrimPrefix(service.URL, "http://"), Bucket: "dokumen", Region: "us-east-1", Key: "key", Secret: "secret",
	}, service.Client().Transport)
	if err != nil {
		t.Fatal(err)
	}
	d.uploads.files = files.Seal(bucket, d.keys)
	b := d.business(1, ciruas)
	kept, stray, bad := d.keep(1, "nib"), d.keep(1, "stray"), d.keep(1, "EICAR")
	if got, err := d.readFile(kept.ID); got != "nib" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	d.handIn(1, b, kept.ID)
	d.clock.Store(int64(time.Since(noon) + 2*sweepAge))
	d.sweep()
	if _, err := d.readFile(stray.ID); !errors.Is(err, umkm.ErrFileGone) || bad.Refused != "virus" {
		t.Errorf("swept: %v; infected: %+v", err, bad)
	}
	var keys []string
	for _, o := range must(bucket.List(t.Context(), "", 10)) {
		keys = append(keys, o.Key)
	}
	if len(keys) != 3 || keys[0] != "files/"+kept.ID || keys[1] != MarkKey || !strings.HasPrefix(keys[2], "quarantine/") {
		t.Errorf("the bucket holds %v", keys)
	}
	// A service that is away fails the update, which is tried again; nothing
	// is swept meanwhile.
	service.Close()
	if _, err := d.Keep(t.Context(), umkm.Upload{Account: 1}, content("x")); err == nil || errors.Is(err, umkm.ErrRefused) {
		t.Errorf("kept nowhere: %v", err)
	}
	if _, err := d.SweepFiles(t.Context(), noon); err == nil {
		t.Error("swept a service that is away")
	}
	if d.count("SELECT count(*) FROM files WHERE state = 'attached'") != 1 || d.FileCounts().Missing != 0 {
		t.Errorf("counts %+v", d.FileCounts())
	}
}
