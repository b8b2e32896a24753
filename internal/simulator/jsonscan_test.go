package simulator

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzScan compares taking JSON apart with the standard library's way.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, ` { "a" : 1 , "b\u0041":"x\"y" , "c":{"d":[1,2,{"e":null}]} } `, `[1,"a,]",{"b":"}"},[ ],true , -1.5e3]`,
		`{"a":"\\"}`, `null`, `"x"`, `{"a":1,"a":2}`, `{"inline_keyboard":[[{"text":"Ya","callback_data":"y"}]]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if !json.Valid([]byte(source)) || !utf8.ValidString(source) {
			return
		}
		compareObject(t, source)
		compareArray(t, source)
	})
}

func compareObject(t *testing.T, source string) {
	t.Helper()
	got, err := fieldsOf([]byte(source))
	want := map[string]json.RawMessage{}
	isObject := strings.HasPrefix(strings.TrimLeft(source, " \t\r\n"), "{")
	if (err == nil) != isObject {
		t.Fatalf("%q: %v", source, err)
	}
	if !isObject || json.Unmarshal([]byte(source), &want) != nil {
		return
	}
	if len(got) != len(want) {
		t.Fatalf("%q: got %v, want %v", source, got, want)
	}
	for name := range want {
		if !json.Valid(got[name]) {
			t.Errorf("%q: %s is %q", source, name, got[name])
		}
	}
}

func compareArray(t *testing.T, source string) {
	t.Helper()
	got, isArray := elementsOf([]byte(source))
	var want []json.RawMessage
	if isArray != strings.HasPrefix(strings.TrimLeft(source, " \t\r\n"), "[") {
		t.Fatalf("%q: array %t", source, isArray)
	}
	if !isArray || json.Unmarshal([]byte(source), &want) != nil {
		return
	}
	if len(got) != len(want) {
		t.Fatalf("%q: got %d elements, want %d", source, len(got), len(want))
	}
	for i := range want {
		if string(got[i]) != string(want[i]) {
			t.Errorf("%q: element %d is %q, want %q", source, i, got[i], want[i])
		}
	}
}

func TestFirstOfTwoMembersCounts(t *testing.T) {
	f, err := fieldsOf([]byte(`{"a":1,"a":2}`))
	if err != nil || string(f["a"]) != "1" {
		t.Errorf("got %s, %v", f["a"], err)
	}
}
