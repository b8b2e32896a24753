package simulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// strictly decodes raw into a new value of into's type: unknown fields, wrong
// types, missing required fields and nulls are errors.
func strictly(raw []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("decode %.300s: %w", raw, err)
	}
	return complete(parsed(raw), reflect.TypeOf(into), "result")
}

// parsed is raw as maps, lists, strings and json.Numbers; nil if it is none.
func parsed(raw []byte) any {
	var v any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return nil
	}
	return v
}

// complete finds required fields that are missing and values that are null.
func complete(v any, t reflect.Type, at string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch value := v.(type) {
	case nil:
		return fmt.Errorf("%s is null", at)
	case []any:
		for i, item := range value {
			if err := complete(item, t.Elem(), fmt.Sprintf("%s.%d", at, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		if t == reflect.TypeFor[tgMessage]() && fmt.Sprint(value["date"]) == "0" {
			t = reflect.TypeFor[tgInaccessible]()
		}
		return completeObject(value, t, at)
	}
	return nil
}

func completeObject(value map[string]any, t reflect.Type, at string) error {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" {
			continue
		}
		field, there := value[name]
		if !there {
			if options == "" {
				return fmt.Errorf("%s lacks %s", at, name)
			}
			continue
		}
		if err := complete(field, f.Type, at+"."+name); err != nil {
			return err
		}
	}
	return nil
}

// matches compares a value with a pattern: objects may have more fields than
// the pattern, null in a pattern means the field is absent, "*" anything, and
// "~…" a regular expression over the value's text.
func matches(pattern, value any, at string) error {
	switch p := pattern.(type) {
	case nil:
		if value != nil {
			return fmt.Errorf("%s is there: %s", at, text(value))
		}
		return nil
	case map[string]any:
		return matchesObject(p, value, at)
	case []any:
		list, ok := value.([]any)
		if !ok || len(list) != len(p) {
			return fmt.Errorf("%s is %s, want a list of %d", at, text(value), len(p))
		}
		for i := range p {
			if err := matches(p[i], list[i], fmt.Sprintf("%s.%d", at, i)); err != nil {
				return err
			}
		}
		return nil
	case string:
		return matchesText(p, value, at)
	}
	if text(pattern) != text(value) {
		return fmt.Errorf("%s is %s, want %s", at, text(value), text(pattern))
	}
	return nil
}

func matchesObject(pattern map[string]any, value any, at string) error {
	object, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("%s is %s, want an object", at, text(value))
	}
	for name, want := range pattern {
		if err := matches(want, object[name], at+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func matchesText(pattern string, value any, at string) error {
	got, isText := value.(string)
	switch {
	case pattern == "*":
		if value == nil {
			return fmt.Errorf("%s is absent", at)
		}
		return nil
	case strings.HasPrefix(pattern, "~"):
		if !isText {
			got = text(value)
		}
		if !regexp.MustCompile(pattern[1:]).MatchString(got) {
			return fmt.Errorf("%s is %q, want it to match %s", at, got, pattern[1:])
		}
		return nil
	case !isText || got != pattern:
		return fmt.Errorf("%s is %s, want %q", at, text(value), pattern)
	}
	return nil
}

func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

func TestMatcher(t *testing.T) {
	cases := []struct {
		pattern, value string
		ok             bool
	}{
		{`{"a":1}`, `{"a":1,"b":2}`, true},
		{`{"a":1}`, `{"a":2}`, false},
		{`{"a":null}`, `{"b":2}`, true},
		{`{"a":null}`, `{"a":0}`, false},
		{`{"a":"*"}`, `{"a":[]}`, true},
		{`{"a":"*"}`, `{}`, false},
		{`[{"a":1},"*"]`, `[{"a":1,"b":1},{}]`, true},
		{`[]`, `[1]`, false},
		{`"~^[0-9]+$"`, `123`, true},
		{`"~^[0-9]+$"`, `"12x"`, false},
		{`"5"`, `5`, false},
		{`9007199254740993`, `9007199254740993`, true},
	}
	for _, c := range cases {
		if err := matches(parsed([]byte(c.pattern)), parsed([]byte(c.value)), "value"); (err == nil) != c.ok {
			t.Errorf("%s against %s: %v", c.pattern, c.value, err)
		}
	}
}

func TestStrictness(t *testing.T) {
	cases := []struct {
		raw string
		ok  bool
	}{
		{`{"message_id":1,"date":5,"from":{"id":1,"is_bot":true,"first_name":"B"},"chat":{"id":1,"type":"private"}}`, true},
		{`{"message_id":1,"date":5,"from":{"id":1,"is_bot":true,"first_name":"B"},"chat":{"id":1,"type":"private"},"new":1}`, false},
		{`{"message_id":1,"date":5,"from":{"id":1,"is_bot":true},"chat":{"id":1,"type":"private"}}`, false},
		{`{"message_id":1,"date":5,"from":{"id":1,"is_bot":true,"first_name":"B"},"chat":{"id":1,"type":"private"},"text":null}`, false},
		{`{"message_id":"1","date":5,"from":{"id":1,"is_bot":true,"first_name":"B"},"chat":{"id":1,"type":"private"}}`, false},
	}
	for _, c := range cases {
		if err := strictly([]byte(c.raw), new(tgMessage)); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.raw, err)
		}
	}
}
