package files

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLeftoversOfKilledWrites are swept by age; what is being written, kept or
// somebody else's is left alone.
func TestLeftoversOfKilledWrites(t *testing.T) {
	f := openFolder(t)
	put(t, f, key("files", 1), []byte("kept"))
	path, err := f.path(key("files", 1))
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(path, long, long); err != nil {
		t.Fatal(err)
	}
	old, young, alien := filepath.Join(filepath.Dir(path), tempPrefix+"1"), filepath.Join(filepath.Dir(path), tempPrefix+"2"), filepath.Join(f.root, "README")
	for _, name := range []string{old, young, alien} {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{old, alien} {
		if err := os.Chtimes(name, long, long); err != nil {
			t.Fatal(err)
		}
	}
	if found, err := f.List(t.Context(), "", 10); err != nil || len(found) != 1 {
		t.Errorf("leftovers are listed: %v, %v", found, err)
	}
	if n, err := f.Sweep(t.Context(), time.Hour); n != 1 || err != nil {
		t.Errorf("swept %d, %v; want 1", n, err)
	}
	for name, want := range map[string]bool{old: false, young: true, alien: true, path: true} {
		if _, err := os.Stat(name); (err == nil) != want {
			t.Errorf("%s: %v, should be there: %v", filepath.Base(name), err, want)
		}
	}
}

func TestFoldersAreForTheProgramAlone(t *testing.T) {
	f := openFolder(t)
	put(t, f, key("files", 1), []byte("kept"))
	path, _ := f.path(key("files", 1))
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestChecksSayWhatIsWrong(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFolder(filepath.Join(file, "files")); err == nil {
		t.Error("a folder within a file")
	}
	gone := openFolder(t)
	if err := os.RemoveAll(gone.root); err != nil {
		t.Fatal(err)
	}
	if gone.Check(t.Context()) == nil {
		t.Error("a folder that is gone")
	}
	b := openBucket(t)
	b.bucket = "lain-lain"
	if err := b.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "no such bucket") {
		t.Errorf("a bucket that is not there: %v", err)
	}
}

// TestBucketLeavesNoSpool: content on its way lies in no folder by name.
func TestBucketLeavesNoSpool(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	b := openBucket(t)
	during := -1
	look := readerFunc(func([]byte) (int, error) {
		entries, err := os.ReadDir(temp)
		during = len(entries)
		return 0, errors.Join(io.EOF, err)
	})
	if _, err := b.Put(t.Context(), key("files", 1), io.MultiReader(bytes.NewReader(random(1<<20)), look)); err == nil || during != 0 {
		t.Errorf("%d files in the temporary folder; %v", during, err)
	}
}

func TestAddresses(t *testing.T) {
	for s, want := range map[string]Address{
		"file:///var/lib/umkmbot/files/":           {Folder: "/var/lib/umkmbot/files"},
		"s3://AK:s%2Fecret@s3.example.org/berkas":  {Place: Place{Host: "s3.example.org", Bucket: "berkas", Key: "AK", Secret: "s/ecret", TLS: true}},
		"s3://a:b@minio:9000/berkas/?tls=false":    {Place: Place{Host: "minio:9000", Bucket: "berkas", Key: "a", Secret: "b"}},
		"s3://a:b@h/berkas?region=ap-southeast-3":  {Place: Place{Host: "h", Bucket: "berkas", Key: "a", Secret: "b", Region: "ap-southeast-3", TLS: true}},
		"s3://a:b@h/berkas?tls=true&region=id-jkt": {Place: Place{Host: "h", Bucket: "berkas", Key: "a", Secret: "b", Region: "id-jkt", TLS: true}},
	} {
		got, err := ParseAddress(s)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", s, got, err)
			continue
		}
		if got.Folder == "" {
			if _, err := got.Open(); err != nil {
				t.Errorf("%s: %v", s, err)
			}
		}
	}
	for _, s := range []string{
		"", "/var/lib/files", "file://files", "file:files", "file:///", "file:///x?y=1", "http://hushhush@h/b", "s3://h/b", "s3://a@h/b", "s3://a:hushhush@/b",
		"s3://a:hushhush@h/", "s3://a:hushhush@h/b/c", "s3://a:hushhush@h/Big", "s3://a:hush/hush@h/bbb", "s3://a:hushhush@h/bbb?tls=maybe", "s3://a:hushhush@h/bbb?tl=1",
		"s3://a:hushhush@h/bbb?%zz",
	} {
		_, err := ParseAddress(s)
		if err == nil {
			t.Errorf("%q is taken", s)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: the secret is repeated: %v", s, err)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	f.Add("s3://a:b@h:9000/berkas?tls=false")
	f.Add("file:///var/lib/files")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err == nil && a.Folder == "" && (a.Place.Host == "" || a.Place.Bucket == "" || a.Place.Secret == "") {
			t.Errorf("%q lacks something: %+v", s, a)
		}
	})
}
