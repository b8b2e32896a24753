package store

import (
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// Whoever handed in is told first, then others of the family that can be
// reached; nobody else.
func TestNoticeChats(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ctx := t.Context()
	b := o.business(11, ciruas)
	o.business(14, ciruas) // a stranger
	for _, account := range []int64{12, 13} {
		o.exec(`INSERT INTO accounts (telegram_id, language, reachable, reachable_since, created_at, seen_at) VALUES ($1, 'en', $2, $3, $3, $3)`, account, account == 13, noon)
		o.exec(`INSERT INTO account_owners (account, owner, created_at) SELECT $1, owner, $2 FROM businesses WHERE id = $3`, account, noon, b)
	}
	o.submit(11, b, noon)
	rina := o.reviewer(1, banten)
	decided := o.decide(rina, o.take(rina, noon), umkm.VerdictApprove, noon)
	var got []int64
	for _, c := range must(o.NoticeChats(ctx, decided.Review)) {
		got = append(got, c.Chat)
	}
	if len(got) != 3 || got[0] != 11 || got[1] != 13 || got[2] != 12 {
		t.Errorf("told: %v", got)
	}
	if _, err := o.NoticeChats(ctx, "no id"); err == nil {
		t.Error("a forged id was taken")
	}
}

// A person is told once a day, whoever asks, and nobody who has never been on
// the staff.
func TestClaimDigest(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ctx := t.Context()
	rina := o.reviewer(1, banten)
	for i, c := range []struct {
		account int64
		day     time.Time
		first   bool
	}{
		{rina, noon, true},
		{rina, noon.Add(time.Hour), false},
		{rina, noon.AddDate(0, 0, 1), true},
		{rina, noon, false},
		{99, noon, false},
	} {
		if first := must(o.ClaimDigest(ctx, c.account, c.day)); first != c.first {
			t.Errorf("%d: first is %v", i, first)
		}
	}
	tomorrow := noon.AddDate(0, 0, 1)
	for _, account := range []int64{rina, 99} {
		if err := o.DropDigest(ctx, account, tomorrow); err != nil {
			t.Fatal(err)
		}
	}
	if !must(o.ClaimDigest(ctx, rina, tomorrow)) || must(o.ClaimDigest(ctx, rina, tomorrow)) {
		t.Error("what did not go out is to go out once")
	}
	for range 2 {
		if err := o.DigestSoon(ctx, umkm.Digest{Account: rina, Day: "2026-03-02"}); err != nil {
			t.Fatal(err)
		}
		if err := o.ShowSoon(ctx, umkm.ShowCase{Chat: rina, Dialog: "d", Update: 5}); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := o.jobs("digest"), o.jobs("show_case"); a != 1 || b != 1 {
		t.Errorf("%d digests and %d showings for one each", a, b)
	}
}
