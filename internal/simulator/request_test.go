package simulator

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// read decodes a request and shows its arguments and files.
func read(t *testing.T, query, kind, body string) (string, *apiError) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/x?"+query, strings.NewReader(body))
	if kind != "" {
		r.Header["content-type"] = nil
		r.Header.Set("Content-Type", kind)
	}
	c, fail := readCall(r)
	if fail != nil {
		return "", fail
	}
	var out []string
	for _, a := range c.args {
		out = append(out, fmt.Sprintf("%s=%s", a.name, a.value))
	}
	for _, f := range c.files {
		out = append(out, fmt.Sprintf("%s<%s:%s", f.field, f.name, f.data))
	}
	return strings.Join(out, " "), nil
}

func TestReadCall(t *testing.T) {
	const form, multi = "application/x-www-form-urlencoded", "multipart/form-data; boundary=XX"
	part := func(head, body string) string { return "--XX\r\n" + head + "\r\n\r\n" + body + "\r\n" }
	for name, test := range map[string]struct{ query, kind, body, want string }{
		"query":                   {"a=1&b=%C3%A9+x&c", "", "", "a=1 b=é x c="},
		"broken escapes":          {"a=%zz%41", "", "", "a=%zzA"},
		"query beats body":        {"a=1", form, "a=2", "a=1 a=2"},
		"JSON":                    {"", "application/json", `{"a":"x","b":2,"c":{"d":[1,"}"]},"e":null,"f":true}`, `a=x b=2 c={"d":[1,"}"]} e=null f=true`},
		"JSON escapes":            {"", "Application/JSON; charset=utf-8", `{"a":"x\nA\ud83d\ude00"}`, "a=x\nA😀"},
		"JSON cut short":          {"", "application/json", `{"a":"x","b":{"c":`, "a=x"},
		"JSON of another kind":    {"", "application/json", `null`, ""},
		"JSON with rubbish after": {"", "application/json", `{"a":1} x`, "a=1"},
		"a JSON number broken":    {"", "application/json", `{"a":1,"b":1e}`, "a=1"},
		"a body of another kind":  {"", "text/plain", `a=1`, ""},
		"multipart":               {"", multi, part(`Content-Disposition: form-data; name="a"`, "1") + "--XX--", "a=1"},
		"lower-case headers":      {"", multi, part("content-disposition:form-data;name=a;filename=b.txt\r\ncontent-type:text/plain", "data") + "--XX--\r\n", "a<b.txt:data"},
		"a name with a semicolon": {"", multi, part(`Content-Disposition: form-data; name="a"; filename="b;c.txt"`, "data") + "--XX--", "a<b;c.txt:data"},
		"a quoted boundary":       {"", `multipart/form-data; boundary="XX"`, part(`Content-Disposition: form-data; name="a"`, "1") + "--XX--", "a=1"},
		"a prologue":              {"", multi, "hello\r\n" + part(`Content-Disposition: form-data; name="a"`, "1") + "--XX--", "a=1"},
		"an empty file":           {"", multi, part(`Content-Disposition: form-data; name="a"; filename="e"`, "") + "--XX--", "a<e:"},
		"line breaks in a part":   {"", multi, part(`Content-Disposition: form-data; name="a"`, "1\r\n--X\r\n2") + "--XX--", "a=1\r\n--X\r\n2"},
	} {
		t.Run(name, func(t *testing.T) {
			got, fail := read(t, test.query, test.kind, test.body)
			if fail != nil || got != test.want {
				t.Errorf("got %q, %v, want %q", got, fail, test.want)
			}
		})
	}
}

func TestReadCallRefuses(t *testing.T) {
	const multi = "multipart/form-data; boundary=XX"
	long := strings.Repeat("x", maxParameters+1)
	for name, test := range map[string]struct {
		kind, body, want string
		code             int
	}{
		"no boundary":       {"multipart/form-data", "x", "Bad Request: boundary not found", 400},
		"an empty boundary": {"multipart/form-data; boundary=", "x", "Bad Request: boundary too big or empty", 400},
		"no first boundary": {multi, "x", "Bad Request: can't find the first boundary of the form data", 400},
		"an endless part":   {multi, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n1", "Bad Request: unexpected end of the form data", 400},
		"a part of no name": {multi, "--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--", "Bad Request: field name in multipart/form-data not found", 400},
		"too long a JSON":   {"application/json", `{"a":"` + long + `"}`, "Request Entity Too Large: too much parameters", 413},
		"too long an argument": {
			multi, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n" + long + "\r\n--XX--",
			"Request Entity Too Large: too much parameters in form data", 413,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, fail := read(t, "", test.kind, test.body)
			if fail == nil || fail.text != test.want || fail.code != test.code {
				t.Errorf("got %v, want %d %s", fail, test.code, test.want)
			}
		})
	}
}

// FuzzMultipart looks for panics, and for bodies that give more than they hold.
func FuzzMultipart(f *testing.F) {
	f.Add("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--")
	f.Add("--XX\r\ncontent-disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\n1\r\n--XX\r\n\r\n\r\n--XX--")
	f.Fuzz(func(t *testing.T, body string) {
		got, fail := read(t, "", "multipart/form-data; boundary=XX", body)
		if fail == nil && len(got) > 2*len(body)+100 {
			t.Errorf("%q gives %q", body, got)
		}
	})
}

func TestArguments(t *testing.T) {
	c := &call{args: []arg{
		{"yes", " TRUE "}, {"one", "1"}, {"no", "on"}, {"n", "12ab"}, {"big", "99999999999999999999"}, {"low", "-5"}, {"twice", "a"}, {"twice", "b"},
	}}
	got := []any{
		c.bool("yes"), c.bool("one"), c.bool("no"), c.bool("none"), c.int("n", 7, 0, 100), c.int("none", 7, 0, 100),
		c.int("big", 0, 0, 100), c.messageID("low"), c.arg("twice"), c.has("none"),
	}
	want := []any{true, true, false, false, 12, 7, 100, 0, "a", false}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
