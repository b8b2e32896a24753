package files

import (
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

// testKeys stand for the program's: the first seals, all open.
type testKeys struct {
	ids     []string
	secrets map[string][]byte
}

func newKeys(ids ...string) testKeys {
	k := testKeys{ids: ids, secrets: map[string][]byte{}}
	for _, id := range ids {
		k.secrets[id] = random(32)
	}
	return k
}

func (k testKeys) FileKey(name string, salt []byte) (string, []byte) {
	secret, _ := k.FileKeyOf(k.ids[0], name, salt)
	return k.ids[0], secret
}

func (k testKeys) FileKeyOf(id, name string, salt []byte) ([]byte, bool) {
	secret, ok := k.secrets[id]
	if !ok {
		return nil, false
	}
	out, err := hkdf.Key(sha256.New, secret, salt, name, 32)
	return out, err == nil
}

// opens reads to the end what stands under a key.
func opens(s Store, key string) ([]byte, error) {
	r, err := s.Open(context.Background(), key)
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(r)
	return got, errors.Join(err, r.Close())
}

func TestAnyHarmIsFound(t *testing.T) {
	plain := openFolder(t)
	s := Seal(plain, newKeys("k1"))
	content := random(150 << 10)
	put(t, s, key("files", 1), content)
	raw := read(t, plain, key("files", 1))
	rapid.Check(t, func(rt *rapid.T) {
		harmed := bytes.Clone(raw)
		switch rapid.IntRange(0, 3).Draw(rt, "harm") {
		case 0:
			harmed[rapid.IntRange(0, len(raw)-1).Draw(rt, "at")] ^= byte(rapid.IntRange(1, 255).Draw(rt, "bits"))
		case 1:
			harmed = harmed[:rapid.IntRange(0, len(raw)-1).Draw(rt, "cut")]
		case 2:
			harmed = append(harmed, rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(rt, "more")...)
		case 3:
			at := rapid.IntRange(0, len(raw)-2).Draw(rt, "from")
			harmed = append(harmed[:at], harmed[at+1:]...)
		}
		put(t, plain, key("files", 2), nil)
		put(t, plain, key("files", 1), harmed)
		if _, err := opens(s, key("files", 1)); !errors.Is(err, ErrSealed) {
			rt.Fatalf("%d of %d bytes opened: %v", len(harmed), len(raw), err)
		}
	})
}

// TestEveryCut: at package bounds above all, a file that was cut short must
// not look like a shorter one.
func TestEveryCut(t *testing.T) {
	const pack, head = 64<<10 + 32, 2 + 2 + saltSize
	plain := openFolder(t)
	s := Seal(plain, newKeys("k1"))
	put(t, s, key("files", 1), random(150<<10))
	raw := read(t, plain, key("files", 1))
	for _, cut := range []int{0, 1, 2, head - 1, head, head + 1, head + 16, head + pack - 1, head + pack, head + pack + 1, head + 2*pack, len(raw) - 1} {
		put(t, plain, key("files", 1), raw[:cut])
		if got, err := opens(s, key("files", 1)); !errors.Is(err, ErrSealed) {
			t.Errorf("cut at %d: %d bytes and %v", cut, len(got), err)
		}
	}
	swapped := bytes.Clone(raw)
	copy(swapped[head:], raw[head+pack:head+2*pack])
	copy(swapped[head+pack:], raw[head:head+pack])
	put(t, plain, key("files", 1), swapped)
	if _, err := opens(s, key("files", 1)); !errors.Is(err, ErrSealed) {
		t.Errorf("packages in another order: %v", err)
	}
}

func TestOneFileCannotTakeAnothersPlace(t *testing.T) {
	plain := openFolder(t)
	s := Seal(plain, newKeys("k1"))
	put(t, s, key("files", 1), []byte("Siti's"))
	put(t, s, key("files", 2), []byte("Budi's"))
	put(t, plain, key("files", 2), read(t, plain, key("files", 1)))
	if got, err := opens(s, key("files", 2)); !errors.Is(err, ErrSealed) {
		t.Errorf("got %q, %v", got, err)
	}
	if got := read(t, s, key("files", 1)); string(got) != "Siti's" {
		t.Errorf("got %q", got)
	}
}

func TestOlderKeysOpen(t *testing.T) {
	plain, old := openFolder(t), newKeys("2025")
	put(t, Seal(plain, old), key("files", 1), []byte("kept for years"))
	both := newKeys("2026", "2025")
	both.secrets["2025"] = old.secrets["2025"]
	if got := read(t, Seal(plain, both), key("files", 1)); string(got) != "kept for years" {
		t.Errorf("got %q", got)
	}
	put(t, Seal(plain, both), key("files", 2), []byte("new"))
	for name, keys := range map[string]testKeys{"unknown": newKeys("2026"), "another of the same name": newKeys("2025")} {
		if _, err := opens(Seal(plain, keys), key("files", 1)); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := opens(Seal(plain, old), key("files", 2)); !errors.Is(err, ErrSealed) {
		t.Errorf("the new key is not used: %v", err)
	}
}

// TestNoPlaintextOnTheDisk: nor in files that a torn write leaves.
func TestNoPlaintextOnTheDisk(t *testing.T) {
	plain := openFolder(t)
	s := Seal(plain, newKeys("k1"))
	word := []byte("NIK 3604010101800001")
	put(t, s, key("files", 1), bytes.Repeat(word, 10_000))
	slow, seen := make(chan struct{}), 0
	look := readerFunc(func([]byte) (int, error) {
		seen = grep(t, plain.root, word)
		close(slow)
		return 0, io.EOF
	})
	if _, err := s.Put(t.Context(), key("files", 2), io.MultiReader(bytes.NewReader(bytes.Repeat(word, 10_000)), look)); err != nil {
		t.Fatal(err)
	}
	<-slow
	if after := grep(t, plain.root, word); seen+after != 0 {
		t.Errorf("the plaintext stands in %d files while written, %d afterwards", seen, after)
	}
	// The search itself finds what is there.
	put(t, plain, key("files", 3), word)
	if grep(t, plain.root, word) != 1 {
		t.Error("the search finds nothing")
	}
}

// grep counts the files below a folder that hold a word.
func grep(t testing.TB, root string, word []byte) (n int) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, word) {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheSameContentNeverLooksTheSame(t *testing.T) {
	plain := openFolder(t)
	s := Seal(plain, newKeys("k1"))
	put(t, s, key("files", 1), []byte("once"))
	first := read(t, plain, key("files", 1))
	put(t, s, key("files", 1), []byte("once"))
	if bytes.Equal(first, read(t, plain, key("files", 1))) {
		t.Error("two seals of one content are equal")
	}
}
