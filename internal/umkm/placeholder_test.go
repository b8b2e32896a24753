package umkm

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadPlaceholders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []TextPart
		bad  string
	}{
		{"", nil, ""},
		{"Halo.", []TextPart{{Words: "Halo."}}, ""},
		{"Halo {nama}!", []TextPart{{Words: "Halo "}, {Stands: PlaceholderOwner}, {Words: "!"}}, ""},
		{"{ Nama | Bapak/Ibu }{usaha}", []TextPart{{"Bapak/Ibu", PlaceholderOwner}, {Stands: PlaceholderBusiness}}, ""},
		{"Hi {name}, {business|your business}", []TextPart{{Words: "Hi "}, {Stands: PlaceholderOwner}, {Words: ", "}, {"your business", PlaceholderBusiness}}, ""},
		{"a {b} c", []TextPart{{Words: "a {b} c"}}, "{b"},
		{"a {nik} {nama}", []TextPart{{Words: "a {nik} "}, {Stands: PlaceholderOwner}}, "{nik"},
		{"a {nama", []TextPart{{Words: "a {nama"}}, "{nama"},
		{"{{nama}}", []TextPart{{Words: "{"}, {Stands: PlaceholderOwner}, {Words: "}"}}, "{{nama"},
	} {
		got, err := ReadPlaceholders(c.text)
		var none BadPlaceholder
		if errors.As(err, &none) && none.Open == strings.Contains(c.text, "}") {
			t.Errorf("%q: open %v", c.text, none.Open)
		}
		if !slices.Equal(got, c.want) || errors.Is(err, ErrPlaceholder) != (c.bad != "") || err != nil && !strings.HasSuffix(err.Error(), c.bad) {
			t.Errorf("%q: %q, %v", c.text, got, err)
		}
	}
}

func TestFillText(t *testing.T) {
	t.Parallel()
	parts, _ := ReadPlaceholders("Halo {nama|Bapak/Ibu}, ada kabar untuk {usaha}.")
	for want, v := range map[string]BroadcastValues{
		"Halo Siti, ada kabar untuk Kue {nama}.": {Owner: "Siti", Business: "Kue {nama}"},
		"Halo Bapak/Ibu, ada kabar untuk .":      {},
	} {
		if got := FillText(parts, v); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Where there is no placeholder nothing of a text is lost.
func TestTextsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("{}|naxy é"))).Draw(t, "text")
		parts, _ := ReadPlaceholders(text)
		if got := FillText(parts, BroadcastValues{}); got != text {
			t.Errorf("%q became %q", text, got)
		}
	})
}
