package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"umkmbot/internal/umkm"
)

// keySize is the length of a key in bytes (AES-256).
const keySize = 32

// maxKeyID keeps the prefix of a sealed value short.
const maxKeyID = 16

// ErrSealed: a sealed value was made under a key that is not configured, was
// altered, or belongs elsewhere.
var ErrSealed = errors.New("store: sealed value cannot be opened")

// Keys seal and open fields. Safe for concurrent use.
//
// The first key seals; the others only open what they sealed. A new key is put
// behind the others until every replica knows it, then in front; Rekey seals
// everything anew, and the old one may go. Blind indexes are made with one key,
// which the database remembers: CheckKeys finds it in the list, Rekey changes it.
//
// A key seals with random 96-bit nonces: change it before 2^32 values.
type Keys struct {
	current *key
	index   atomic.Pointer[key] // makes blind indexes: the last, until the database says otherwise
	byID    map[string]*key
	order   []string // ids
}

type key struct {
	id     string
	prefix []byte // the id's length, then the id: how a sealed value begins
	secret []byte
	aeads  sync.Map // purpose → cipher.AEAD
	macs   sync.Map // purpose → []byte
}

// ParseKeys reads "id:base64,id2:base64", each key 32 bytes long.
func ParseKeys(list string) (*Keys, error) {
	k := &Keys{byID: map[string]*key{}}
	for i, entry := range strings.Split(list, ",") {
		one, err := parseKey(strings.TrimSpace(entry))
		if err != nil {
			return nil, fmt.Errorf("keys: entry %d: %w", i+1, err)
		}
		if k.byID[one.id] != nil {
			return nil, fmt.Errorf("keys: id %q is given twice", one.id)
		}
		if k.current == nil {
			k.current = one
		}
		k.index.Store(one)
		k.byID[one.id] = one
		k.order = append(k.order, one.id)
	}
	return k, nil
}

// parseKey says what is wrong without repeating what may be a secret.
func parseKey(entry string) (*key, error) {
	id, encoded, ok := strings.Cut(entry, ":")
	if !ok || !plainID(id) {
		return nil, fmt.Errorf("want id:base64, the id being 1 to %d of a-z, 0-9, - and _", maxKeyID)
	}
	secret, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		secret, err = base64.RawURLEncoding.DecodeString(encoded)
	}
	if err != nil {
		return nil, fmt.Errorf("key %q is not base64", id)
	}
	if len(secret) != keySize {
		return nil, fmt.Errorf("key %q has %d bytes, want %d (openssl rand -base64 32)", id, len(secret), keySize)
	}
	prefix := append([]byte{byte(len(id))}, id...)
	return &key{id: id, prefix: prefix, secret: secret}, nil
}

func plainID(id string) bool {
	for _, c := range id {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return id != "" && len(id) <= maxKeyID
}

// Seal encrypts plain for a purpose; only Open with the same purpose and aad
// gives it back. aad binds a value to its place, as a row's id does.
func (k *Keys) Seal(purpose string, aad, plain []byte) []byte {
	aead := k.current.aead(purpose)
	out := make([]byte, 0, len(k.current.prefix)+len(plain)+aead.Overhead())
	out = append(out, k.current.prefix...)
	return aead.Seal(out, nil, plain, aad)
}

// Open decrypts what Seal made, under any configured key. ErrSealed, which is
// umkm.ErrDamaged as well where the key is not what is missing.
func (k *Keys) Open(purpose string, aad, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 || len(sealed) < 1+int(sealed[0]) {
		return nil, fmt.Errorf("%w: too short: %w", ErrSealed, umkm.ErrDamaged)
	}
	id, rest := sealed[1:1+sealed[0]], sealed[1+sealed[0]:]
	one := k.byID[string(id)]
	if one == nil {
		return nil, fmt.Errorf("%w: its key is not configured", ErrSealed)
	}
	plain, err := one.aead(purpose).Open(nil, nil, rest, aad)
	if err != nil {
		return nil, fmt.Errorf("%w: altered or out of place: %w", ErrSealed, umkm.ErrDamaged)
	}
	return plain, nil
}

func (k *Keys) last() *key { return k.byID[k.order[len(k.order)-1]] }

// BlindIndex is an HMAC-SHA-256 by which equal values are found without being
// readable.
func (k *Keys) BlindIndex(purpose, value string) []byte {
	return k.index.Load().blindIndex(purpose, value)
}

// BlindIndexes are a value's under every key: it may be found by any while
// indexes move from one to another.
func (k *Keys) BlindIndexes(purpose, value string) [][]byte {
	out := make([][]byte, len(k.order))
	for i, id := range k.order {
		out[i] = k.byID[id].blindIndex(purpose, value)
	}
	return out
}

func (k *key) blindIndex(purpose, value string) []byte {
	mac := hmac.New(sha256.New, k.macKey(purpose))
	mac.Write([]byte(value))
	return mac.Sum(nil)
}

func (k *key) aead(purpose string) cipher.AEAD {
	if a, ok := k.aeads.Load(purpose); ok {
		return a.(cipher.AEAD)
	}
	block, err := aes.NewCipher(k.derive("seal:" + purpose))
	if err != nil {
		panic(err) // only for a key of another length than keySize
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only for a block size other than AES's
	}
	a, _ := k.aeads.LoadOrStore(purpose, aead)
	return a.(cipher.AEAD)
}

func (k *key) macKey(purpose string) []byte {
	if m, ok := k.macs.Load(purpose); ok {
		return m.([]byte)
	}
	m, _ := k.macs.LoadOrStore(purpose, k.derive("index:"+purpose))
	return m.([]byte)
}

func (k *key) derive(info string) []byte {
	out, err := hkdf.Key(sha256.New, k.secret, nil, "umkmbot:"+info, keySize)
	if err != nil {
		panic(err) // only for lengths beyond 255 hashes
	}
	return out
}

// FileKey makes the key of one file, of its name and salt, under the first
// key, and names that one: files.Keys.
func (k *Keys) FileKey(name string, salt []byte) (id string, secret []byte) {
	return k.current.id, k.current.fileKey(name, salt)
}

// FileKeyOf makes a file's key again under the key of an id; false: it is not
// configured.
func (k *Keys) FileKeyOf(id, name string, salt []byte) (secret []byte, ok bool) {
	one := k.byID[id]
	if one == nil {
		return nil, false
	}
	return one.fileKey(name, salt), true
}

func (k *key) fileKey(name string, salt []byte) []byte {
	out, err := hkdf.Key(sha256.New, k.secret, salt, "umkmbot:file:"+name, keySize)
	if err != nil {
		panic(err) // only for lengths beyond 255 hashes
	}
	return out
}
