package flows_test

import (
	"testing"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
)

// A paper that only a later answer calls for is told before the request is
// handed in; what was told already is not asked again.
func TestPapersToldAnew(t *testing.T) {
	f := flows.Programme(programme(t, "kur"), &requestBook{}, due)
	var papers dialog.Field
	for _, s := range f.Steps {
		if s.ID == "papers" {
			papers = s.Field
		}
	}
	earlier := func(amount, wallet string) dialog.Answers {
		return dialog.Answers{"amount": {Value: amount}, "wallet": {Value: wallet}}
	}
	for _, c := range []struct {
		value, amount, wallet string
		holds                 bool
	}{
		{"later:ktp,nib+sku", "50000000", "", true},
		{"later:ktp,nib+sku", "50000000", "ktp", true},
		{"later:ktp,nib+sku", "50000001", "ktp", false}, // the npwp
		{"later:ktp,nib+sku,npwp", "50000000", "", true},
		{"later:ktp,nib+sku", "50000000", "ktp,sku", false}, // all there
		{"go", "50000000", "ktp,nib", true},
		{"go", "50000001", "ktp,nib", false},
		{"later", "50000000", "", false},
	} {
		if got := papers.Holds(c.value, earlier(c.amount, c.wallet)); got != c.holds {
			t.Errorf("%s at %s with %q: holds %v", c.value, c.amount, c.wallet, got)
		}
	}
}

// What people type for an option instead of tapping it.
func TestProgrammeOptionsTyped(t *testing.T) {
	for _, c := range []struct{ programme, step, typed, want string }{
		{"kur", "use", "modal kerja", "working"},
		{"kur", "use", "Stok", "working"},
		{"kur", "use", "mesin", "investment"},
		{"kur", "bank", "bri", "bri"},
		{"kur", "bank", "belum tahu", "any"},
		{"kur", "bank", "terserah", "any"},
		{"halal_self", "companion", "belum", "no"},
		{"halal_self", "companion", "udah", "yes"},
		{"halal_self", "meat", "bakso", "ground"},
		{"halal_self", "meat", "ya", ""}, // of any kind
		{"halal_self", "meat", "gak", "no"},
		{"halal_self", "kitchen", "bukan", "no"},
		{"ecatalog", "account", "sudah", ""},
		{"kur", "papers", "nanti aja", "later:ktp,nib+sku"},
		{"kur", "papers", "Lanjut", "later:ktp,nib+sku"},
		{"kur", "papers", "apa ini", ""},
		{"kur", "consent_bank", "boleh", "agree"},
		{"kur", "consent_bank", "iya", "agree"},
		{"kur", "consent_bank", "jangan", "decline"},
		{"kur", "consent_bank", "lanjut", ""}, // wants to go on, which is no consent
		{"kur", "consent_bank", "Oke, lanjut!", ""},
	} {
		f := flows.Programme(programme(t, c.programme), &requestBook{}, due)
		var got string
		for _, s := range f.Steps {
			if s.ID != c.step {
				continue
			}
			if p, why := s.Field.Parse(dialog.Input{Kind: dialog.InputText, Text: c.typed}, dialog.Answers{}, ""); why == nil {
				got = p.Value
			}
		}
		if got != c.want {
			t.Errorf("%s, %s: %q means %q, want %q", c.programme, c.step, c.typed, got, c.want)
		}
	}
}
