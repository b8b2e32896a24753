package store

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	secretA = base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1}, keySize))
	secretB = base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{2}, keySize))
)

func TestParseKeysRefuses(t *testing.T) {
	cases := map[string]string{
		"":                               "entry 1: want id:base64",
		secretA:                          "entry 1: want id:base64",
		"A:" + secretA:                   "entry 1: want id:base64",
		strings.Repeat("a", 17) + ":x":   "entry 1: want id:base64",
		"a:" + secretA + ",":             "entry 2: want id:base64",
		"a:???":                          `key "a" is not base64`,
		"a:" + secretA[:20]:              `key "a" has 15 bytes, want 32`,
		"a:" + secretA + ",a:" + secretB: `id "a" is given twice`,
	}
	for list, want := range cases {
		_, err := ParseKeys(list)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseKeys(%q): %v, want %q", list, err, want)
		}
		if err != nil && strings.Contains(err.Error(), secretA[:12]) {
			t.Errorf("the error repeats a key: %v", err)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	before := must(ParseKeys("a:" + secretA))
	after := must(ParseKeys("b:" + secretB + ", a:" + secretA))
	sealed := before.Seal("nik", nil, []byte("3604055501900001"))
	if plain, err := after.Open("nik", nil, sealed); err != nil || string(plain) != "3604055501900001" {
		t.Errorf("sealed before the rotation: %q, %v", plain, err)
	}
	if _, err := before.Open("nik", nil, after.Seal("nik", nil, []byte("x"))); !errors.Is(err, ErrSealed) {
		t.Errorf("the old list opened what the new key sealed: %v", err)
	}
	if !bytes.Equal(before.BlindIndex("nik", "1"), after.BlindIndex("nik", "1")) {
		t.Error("a rotation changed blind indexes")
	}
	if bytes.Equal(after.BlindIndex("nik", "1"), after.BlindIndex("phone", "1")) {
		t.Error("two purposes share an index key")
	}
}

func TestSealedValuesStayInPlace(t *testing.T) {
	keys := testKeys(t)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		aad := rapid.SliceOf(rapid.Byte()).Draw(t, "aad")
		sealed := keys.Seal("chat", aad, plain)
		if got, err := keys.Open("chat", aad, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened %q, %v", got, err)
		}
		if _, err := keys.Open("nik", aad, sealed); !errors.Is(err, ErrSealed) {
			t.Fatal("opened for another purpose")
		}
		if _, err := keys.Open("chat", append(aad, 0), sealed); !errors.Is(err, ErrSealed) {
			t.Fatal("opened in another place")
		}
		i := rapid.IntRange(0, len(sealed)-1).Draw(t, "altered byte")
		sealed[i] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := keys.Open("chat", aad, sealed); !errors.Is(err, ErrSealed) {
			t.Fatal("opened although altered")
		}
	})
}

func FuzzOpen(f *testing.F) {
	keys := must(ParseKeys("a:" + secretA))
	f.Add([]byte{})
	f.Add([]byte{255, 'a'})
	f.Add(keys.Seal("chat", nil, []byte("x")))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if _, err := keys.Open("chat", nil, sealed); err != nil && !errors.Is(err, ErrSealed) {
			t.Fatal(err)
		}
	})
}

func TestSealAllocatesLittle(t *testing.T) {
	keys, aad, plain := must(ParseKeys("a:"+secretA)), make([]byte, 9), make([]byte, 500)
	keys.Seal("chat", aad, plain)
	if n := testing.AllocsPerRun(100, func() { keys.Seal("chat", aad, plain) }); n > 3 {
		t.Errorf("%v allocations a seal", n)
	}
}

func TestCheckKeys(t *testing.T) {
	s := openStore(t)
	for range 2 {
		if err := s.CheckKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.keys = testKeys(t)
	if err := s.CheckKeys(t.Context()); !errors.Is(err, ErrIndexKey) {
		t.Errorf("error %v, want ErrIndexKey", err)
	}
}

func TestFileKeys(t *testing.T) {
	keys := testKeys(t, "new", "old")
	salt := []byte("salt")
	id, secret := keys.FileKey("a", salt)
	if id != "new" || len(secret) != keySize {
		t.Errorf("key of %d bytes under %q", len(secret), id)
	}
	again, ok := keys.FileKeyOf("new", "a", salt)
	if !ok || !bytes.Equal(secret, again) {
		t.Error("the same file's key came out otherwise")
	}
	for what, other := range map[string][]byte{
		"another file":   first(keys.FileKeyOf("new", "b", salt)),
		"another salt":   first(keys.FileKeyOf("new", "a", []byte("pepper"))),
		"an older key":   first(keys.FileKeyOf("old", "a", salt)),
		"others' secret": first(testKeys(t, "new").FileKeyOf("new", "a", salt)),
	} {
		if len(other) != keySize || bytes.Equal(secret, other) {
			t.Errorf("%s gives the same key, or none", what)
		}
	}
	if _, ok := keys.FileKeyOf("gone", "a", salt); ok {
		t.Error("a key that is not configured")
	}
}

func first(b []byte, _ bool) []byte { return b }
