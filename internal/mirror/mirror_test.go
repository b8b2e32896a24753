package mirror_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"umkmbot/internal/mirror"
	"umkmbot/store/files"
)

func put(t *testing.T, s files.Store, key, content string) {
	t.Helper()
	if _, err := s.Put(t.Context(), key, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s files.Store, key string) string {
	t.Helper()
	r, err := s.Open(t.Context(), key)
	if errors.Is(err, files.ErrNotFound) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func folder(t *testing.T) *files.Folder {
	t.Helper()
	f, err := files.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func save(t *testing.T, m mirror.Folder, from files.Store, known mirror.List) (mirror.List, int) {
	t.Helper()
	list, copied, err := m.Save(t.Context(), from, known)
	if err != nil {
		t.Fatal(err)
	}
	return list, copied
}

// Each backup has what there was at its time, and only what is new is copied.
func TestBackupsOfManyDays(t *testing.T) {
	place, m := folder(t), mirror.Folder(filepath.Join(t.TempDir(), "files"))
	put(t, place, "files/00000001", "one")
	put(t, place, "files/00000002", "two")
	put(t, place, "marks/database", "mark")
	put(t, place, "probe/00000001", "passing")
	monday, copied := save(t, m, place, nil)
	if len(monday) != 3 || copied != 3 {
		t.Errorf("%d listed, %d copied", len(monday), copied)
	}
	put(t, place, "files/00000002", "two under another key")
	if err := place.Delete(t.Context(), "files/00000001"); err != nil {
		t.Fatal(err)
	}
	put(t, place, "quarantine/00000003", "three")
	tuesday, copied := save(t, m, place, monday)
	if len(tuesday) != 3 || copied != 2 {
		t.Errorf("%d listed, %d copied", len(tuesday), copied)
	}
	for name, c := range map[string]struct {
		list mirror.List
		want [3]string
	}{
		"monday": {monday, [3]string{"one", "two", ""}}, "tuesday": {tuesday, [3]string{"", "two under another key", "three"}},
	} {
		to := folder(t)
		if err := errors.Join(m.Verify(t.Context(), c.list), m.Restore(t.Context(), to, c.list)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := [3]string{get(t, to, "files/00000001"), get(t, to, "files/00000002"), get(t, to, "quarantine/00000003")}; got != c.want || get(t, to, "marks/database") != "mark" {
			t.Errorf("%s came back as %q", name, got)
		}
	}
	if n, err := m.Prune(t.Context(), []mirror.List{tuesday}); err != nil || n != 2 {
		t.Errorf("%d removed, %v", n, err)
	}
	if err := m.Verify(t.Context(), tuesday); err != nil {
		t.Error(err)
	}
	if err := m.Verify(t.Context(), monday); !errors.Is(err, mirror.ErrHarmed) {
		t.Errorf("what was pruned: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := m.Save(ctx, place, nil); err == nil {
		if err := m.Verify(ctx, tuesday); err == nil {
			t.Error("it goes on when it was stopped")
		}
	}
}

func TestHarmIsFound(t *testing.T) {
	place, m := folder(t), mirror.Folder(filepath.Join(t.TempDir(), "files"))
	put(t, place, "files/00000001", "one")
	list, _ := save(t, m, place, nil)
	path := filepath.Join(string(m), list[0].Hash[:2], list[0].Hash)
	if err := os.WriteFile(path, []byte("onE"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(t.Context(), list); !errors.Is(err, mirror.ErrHarmed) || !strings.Contains(err.Error(), "files/00000001") {
		t.Errorf("altered: %v", err)
	}
	again, copied := save(t, m, place, nil)
	if copied != 1 || m.Verify(t.Context(), again) != nil {
		t.Error("a copy that was harmed is not made good")
	}
}

func TestListsAreReadWhole(t *testing.T) {
	list := mirror.List{
		{Hash: strings.Repeat("ab", 32), Size: 3, At: 5, Key: "files/00000001"},
		{Hash: strings.Repeat("cd", 32), Size: 4, At: -6, Key: "marks/database"},
	}
	var out bytes.Buffer
	if err := list.Write(&out); err != nil {
		t.Fatal(err)
	}
	whole := out.String()
	if got, err := mirror.ReadList(strings.NewReader(whole)); err != nil || len(got) != 2 || got[1] != list[1] {
		t.Errorf("read %v, %v", got, err)
	}
	lines := strings.SplitAfter(whole, "\n")
	for name, text := range map[string]string{
		"empty": "", "cut short": lines[0] + lines[1], "a line less": lines[0] + lines[2], "a line more": whole + lines[0],
		"a path": strings.Replace(whole, "files/00000001", "../../etc/passwd", 1), "no hash": strings.Replace(whole, "abab", "../x", 1),
	} {
		if got, err := mirror.ReadList(strings.NewReader(text)); err == nil {
			t.Errorf("%s is read as %v", name, got)
		}
	}
}
