package store

import (
	"errors"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// taken is a document of an owner in the hands of a reviewer.
func taken(t *testing.T) (o *office, siti int64, business string, c umkm.Case) {
	t.Helper()
	o = openOffice(t)
	siti = o.reviewer(900, serang)
	business = o.business(1, ciruas)
	o.submit(1, business, noon)
	return o, siti, business, o.take(siti, noon)
}

func TestDecideOnce(t *testing.T) {
	o, siti, _, c := taken(t)
	d := o.verdict(siti, c, umkm.VerdictReject, noon)
	d.Note = "KTP orang lain"
	first := must(o.Decide(t.Context(), d))
	d.At = noon.Add(oneHour) // delivered again much later
	if again := must(o.Decide(t.Context(), d)); again.Review != first.Review || !again.Until.Equal(first.Until) || !first.Until.Equal(noon.Add(umkm.UndoTime)) {
		t.Errorf("again %+v, first %+v", again, first)
	}
	if o.jobs("notice_decision") != 1 || o.count("SELECT count(*) FROM reviews") != 1 || o.audits("document.decided") != 1 {
		t.Error("decided more than once")
	}
	if o.state(c.ID) != umkm.DocumentRejected {
		t.Errorf("state %s", o.state(c.ID))
	}
	if _, err := o.Decide(t.Context(), o.verdict(siti, c, umkm.VerdictApprove, noon)); !errors.Is(err, umkm.ErrNotHeld) {
		t.Errorf("decided what is decided: %v", err)
	}
}

func TestDecideRefuses(t *testing.T) {
	cases := map[string]struct {
		spoil func(*umkm.Decision)
		want  error
	}{
		"another's case":     {func(d *umkm.Decision) { d.Account = 901 }, umkm.ErrNotHeld},
		"another version":    {func(d *umkm.Decision) { d.Version++ }, umkm.ErrChanged},
		"after the lease":    {func(d *umkm.Decision) { d.At = noon.Add(umkm.CaseLease) }, umkm.ErrNotHeld},
		"no such case":       {func(d *umkm.Decision) { d.Case = "00000000-0000-7000-8000-000000000000" }, umkm.ErrNotHeld},
		"no id":              {func(d *umkm.Decision) { d.Case = "x" }, umkm.ErrNotHeld},
		"another number":     {func(d *umkm.Decision) { d.Number = "1234567890124" }, umkm.ErrNumberDiffers},
		"no number":          {func(d *umkm.Decision) { d.Number = "" }, umkm.ErrNumberDiffers},
		"an unknown verdict": {func(d *umkm.Decision) { d.Verdict = "maybe" }, umkm.ErrRefused},
		"no reason":          {func(d *umkm.Decision) { d.Verdict = umkm.VerdictReturn }, umkm.ErrRefused},
	}
	o, siti, _, c := taken(t)
	o.reviewer(901, serang)
	for name, tt := range cases {
		d := o.verdict(siti, c, umkm.VerdictApprove, noon)
		tt.spoil(&d)
		if _, err := o.Decide(t.Context(), d); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if n := o.count("SELECT count(*) FROM reviews"); n != 0 || o.state(c.ID) != umkm.DocumentWaiting {
		t.Errorf("%d reviews, state %s", n, o.state(c.ID))
	}
	o.decide(siti, c, umkm.VerdictApprove, noon)
}

func TestSameNumber(t *testing.T) {
	cases := []struct {
		kind umkm.DocumentKind
		a, b string
		want bool
	}{
		{umkm.DocumentNIB, "1234567890123", "1234-5678 90123", true},
		{umkm.DocumentNIB, "1234567890123", "123456789012", false},
		{umkm.DocumentTrademark, "IDM000123456", "idm 000.123.456", true},
		{umkm.DocumentSKU, "503/12/Kel-Crs/2026", "503.12.KEL.CRS.2026", true},
		{umkm.DocumentSKU, "503/12/2026", "503/13/2026", false},
		{"future_kind", "a-1", "A1", true},
	}
	for _, tt := range cases {
		if got := sameNumber(tt.kind, tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %q and %q: %v", tt.kind, tt.a, tt.b, got)
		}
	}
}

func TestUndoWithinAMinute(t *testing.T) {
	cases := map[string]struct {
		after  time.Duration
		before func(o *office, business string)
		by     int64
		want   error
	}{
		"after 59 seconds":       {after: 59 * time.Second},
		"after 60 seconds":       {after: time.Minute},
		"after 61 seconds":       {after: 61 * time.Second, want: umkm.ErrTooLate},
		"by another reviewer":    {by: 901, want: umkm.ErrForbidden},
		"a newer version came":   {before: func(o *office, b string) { o.submit(1, b, noon) }, want: umkm.ErrTooLate},
		"the role was taken":     {before: func(o *office, _ string) { o.exec("DELETE FROM staff_grants WHERE account = 900") }, want: umkm.ErrForbidden},
		"the business has moved": {before: func(o *office, b string) { o.exec("UPDATE businesses SET village = $1", carita) }, want: nil},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			o, siti, b, c := taken(t)
			o.reviewer(901, serang)
			done := o.decide(siti, c, umkm.VerdictReturn, noon)
			if tt.before != nil {
				tt.before(o, b)
			}
			by := siti
			if tt.by != 0 {
				by = tt.by
			}
			err := o.UndoDecision(t.Context(), by, done.Review, noon.Add(tt.after))
			if !errors.Is(err, tt.want) {
				t.Fatalf("error %v, want %v", err, tt.want)
			}
			undone := must(o.DecisionNotice(t.Context(), done.Review)).Undone
			if undone != (tt.want == nil) || (o.jobs("notice_undone") == 1) != undone || (o.audits("document.undone") == 1) != undone {
				t.Errorf("undone %v", undone)
			}
		})
	}
}

func TestUndoneCaseIsHeldAgain(t *testing.T) {
	o, siti, b, c := taken(t)
	other := o.submit(2, o.business(2, ciruas), noon)
	done := o.decide(siti, c, umkm.VerdictApprove, noon)
	if next := o.take(siti, noon); next.ID != other {
		t.Fatalf("next is %s", next.ID)
	}
	for range 2 { // a tap that is delivered twice
		if err := o.UndoDecision(t.Context(), siti, done.Review, noon.Add(time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	again := o.take(siti, noon.Add(time.Second))
	if again.ID != c.ID || again.Version <= c.Version || o.state(c.ID) != umkm.DocumentWaiting {
		t.Errorf("in hand %+v", again)
	}
	if o.jobs("notice_undone") != 1 {
		t.Error("two notices of one change of mind")
	}
	if got := o.take(o.reviewer(901, serang), noon.Add(time.Second)); got.ID != other {
		t.Errorf("the other one went to %s", got.ID)
	}
	o.decide(siti, again, umkm.VerdictReject, noon.Add(2*time.Second))
	if w := must(o.Wallet(t.Context(), 1, b)); w[0].State != umkm.DocumentRejected || len(w[0].Reasons) != 1 || w[0].Decided.IsZero() {
		t.Errorf("wallet %+v", w)
	}
	if err := o.UndoDecision(t.Context(), siti, "no id", noon); !errors.Is(err, umkm.ErrForbidden) {
		t.Errorf("of no review: %v", err)
	}
	if _, err := o.DecisionNotice(t.Context(), b); !errors.Is(err, umkm.ErrNotYours) {
		t.Errorf("notice of no review: %v", err)
	}
}

func TestSheetIsForTheHolder(t *testing.T) {
	o, siti, _, c := taken(t)
	budi := o.reviewer(901, serang)
	for name, err := range map[string]error{
		"another reviewer": second(o.Sheet(t.Context(), budi, c.ID, noon)),
		"after the lease":  second(o.Sheet(t.Context(), siti, c.ID, noon.Add(umkm.CaseLease))),
		"no case":          second(o.Sheet(t.Context(), siti, "x", noon)),
	} {
		if !errors.Is(err, umkm.ErrNotHeld) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if o.audits("document.viewed") != 0 {
		t.Error("a refused view is no view")
	}
}

func second[T any](_ T, err error) error { return err }
