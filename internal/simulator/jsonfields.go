package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// fields is a JSON object given by a client, read with Telegram's tolerance:
// numbers may be texts and the other way round, and null counts as absent.
type fields map[string]json.RawMessage

var (
	errNotObject = errors.New("not an object")
	errNotJSON   = errors.New("not valid JSON")
)

// parseFields reads an object that may be anything.
func parseFields(source []byte) (fields, error) {
	source = bytes.TrimSpace(source)
	if len(source) == 0 || source[0] != '{' {
		return nil, errNotObject
	}
	if !json.Valid(source) {
		return nil, errNotJSON
	}
	return fieldsOf(source)
}

// parseArray reads an array that may be anything.
func parseArray(source []byte) ([]json.RawMessage, bool) {
	if !json.Valid(source) {
		return nil, false
	}
	return elementsOf(source)
}

func (f fields) has(name string) bool {
	v := f[name]
	return len(v) > 0 && string(v) != "null"
}

// text reads an optional text; a number counts as its digits.
func (f fields) text(name string) (string, error) {
	if !f.has(name) {
		return "", nil
	}
	v := f[name]
	switch c := v[0]; {
	case c == '"':
		return textOf(v)
	case c == '-' || c >= '0' && c <= '9':
		return string(v), nil
	}
	return "", words(fmt.Sprintf("Field \"%s\" must be of type String", name))
}

func (f fields) requiredText(name string) (string, error) {
	if !f.has(name) {
		return "", missing(name)
	}
	return f.text(name)
}

func (f fields) int(name string) (int64, error) {
	s, err := f.text(name)
	if err != nil || s == "" {
		return 0, wrongNumber(name, err)
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, wrongNumber(name, err)
	}
	return n, nil
}

func (f fields) requiredInt(name string) (int64, error) {
	if !f.has(name) {
		return 0, missing(name)
	}
	return f.int(name)
}

// bool reads an optional flag, which inside JSON must be true or false.
func (f fields) bool(name string) (bool, error) {
	switch {
	case !f.has(name), string(f[name]) == "false":
		return false, nil
	case string(f[name]) == "true":
		return true, nil
	}
	return false, words(fmt.Sprintf("Field \"%s\" must be of type Boolean", name))
}

// flag is bool for a field that was checked before, or is not worth a refusal.
func (f fields) flag(name string) bool {
	v, err := f.bool(name)
	return err == nil && v
}

// checkBools refuses the first flag that is neither true nor false.
func (f fields) checkBools(names ...string) error {
	for _, name := range names {
		if _, err := f.bool(name); err != nil {
			return err
		}
	}
	return nil
}

func (f fields) object(name string) (fields, error) {
	o, err := parseFields(f[name])
	if err != nil {
		return nil, words(fmt.Sprintf("Field \"%s\" must be of type Object", name))
	}
	return o, nil
}

func missing(name string) error {
	return words(fmt.Sprintf("Can't find field \"%s\"", name))
}

func wrongNumber(name string, err error) error {
	if err == nil {
		return nil
	}
	return words(fmt.Sprintf("Field \"%s\" must be of type Number", name))
}
