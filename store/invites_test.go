package store

import (
	"errors"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

func TestInvite(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	invitation := umkm.Invitation{Name: "Rina", Grants: reviewerGrants, At: noon}
	token := must(s.Invite(t.Context(), invitation))
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{22,62}$`).MatchString(token) { // fits "i_" and Telegram's 64
		t.Errorf("token %q", token)
	}
	if other := must(s.Invite(t.Context(), invitation)); other == token {
		t.Error("the same token twice")
	}
	staff := must(s.AcceptInvite(t.Context(), 1, token, noon.Add(time.Minute)))
	if staff.Name != "Rina" || !slices.Equal(staff.Grants, reviewerGrants) || !staff.Since.Equal(noon.Add(time.Minute)) {
		t.Errorf("joined as %+v", staff)
	}
	if again := must(s.AcceptInvite(t.Context(), 1, token, noon.Add(2*umkm.InviteLife))); !again.Since.Equal(staff.Since) {
		t.Errorf("accepting twice changed %+v", again)
	}
	if n := count(t, s, `SELECT count(*) FROM audit_log WHERE action = 'staff.accepted'`); n != 1 {
		t.Errorf("%d audit rows of one joining", n)
	}
	if n := count(t, s, `SELECT count(*) FROM invites WHERE encode(token_hash, 'escape') LIKE '%' || $1 || '%'`, token); n != 0 {
		t.Error("the token is kept")
	}
}

func TestInviteRefused(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	hire(t, s, 1, "Rina", adminGrants...)
	hire(t, s, 2, "Joko", reviewerGrants...)
	hire(t, s, 3, "Tari", adminGrants...)
	for by, want := range map[int64]error{1: nil, 2: umkm.ErrForbidden, 9: umkm.ErrForbidden} {
		if _, err := s.Invite(t.Context(), umkm.Invitation{By: by, Name: "A", Grants: reviewerGrants, At: noon}); !errors.Is(err, want) {
			t.Errorf("invited by %d: %v, want %v", by, err, want)
		}
	}
	if _, err := s.Invite(t.Context(), umkm.Invitation{Name: "A", At: noon}); !errors.Is(err, umkm.ErrRefused) {
		t.Errorf("without roles: %v", err)
	}
	accept := func(name string, account int64, token string, at time.Time) {
		t.Helper()
		if _, err := s.AcceptInvite(t.Context(), account, token, at); !errors.Is(err, umkm.ErrInvite) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fresh := func(by int64) string {
		return must(s.Invite(t.Context(), umkm.Invitation{By: by, Name: "A", Grants: reviewerGrants, At: noon}))
	}
	used := fresh(1)
	must(s.AcceptInvite(t.Context(), 10, used, noon))
	accept("used by another", 11, used, noon)
	accept("a day old", 12, fresh(1), noon.Add(umkm.InviteLife))
	accept("unknown", 13, "AAAAAAAAAAAAAAAAAAAAAAAA", noon)
	accept("empty", 14, "", noon)
	orphan := fresh(3)
	if err := errors.Join(s.RemoveStaff(t.Context(), 1, 3, noon), s.RemoveStaff(t.Context(), 1, 10, noon)); err != nil {
		t.Fatal(err)
	}
	accept("of an admin who was removed", 15, orphan, noon)
	accept("that admin's own", 3, orphan, noon)
	accept("used once, then removed", 10, used, noon)
}

// TestInviteAnew: a dialog that is finished again after a crash has one
// invitation, with the newest token.
func TestInviteAnew(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	hire(t, s, 1, "Rina", adminGrants...)
	invitation := umkm.Invitation{Dialog: "d1", By: 1, Name: "Joko", Grants: reviewerGrants, At: noon}
	unseen := must(s.Invite(t.Context(), invitation))
	token := must(s.Invite(t.Context(), invitation))
	if _, err := s.AcceptInvite(t.Context(), 2, unseen, noon); !errors.Is(err, umkm.ErrInvite) {
		t.Errorf("the token nobody saw: %v", err)
	}
	must(s.AcceptInvite(t.Context(), 2, token, noon))
	if n := count(t, s, `SELECT count(*) FROM invites WHERE dialog = 'd1'`); n != 1 {
		t.Errorf("%d invitations", n)
	}
}

// TestAcceptAtOnce: of many accounts with one link, one joins.
func TestAcceptAtOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	token := must(s.Invite(t.Context(), umkm.Invitation{Name: "Rina", Grants: adminGrants, At: noon}))
	var group sync.WaitGroup
	var joined atomic.Int32
	for account := range int64(8) {
		group.Go(func() {
			switch _, err := s.AcceptInvite(t.Context(), account+1, token, noon); {
			case err == nil:
				joined.Add(1)
			case !errors.Is(err, umkm.ErrInvite):
				t.Error(err)
			}
		})
	}
	group.Wait()
	if joined.Load() != 1 || count(t, s, `SELECT count(*) FROM staff_grants`) != 1 {
		t.Errorf("%d joined", joined.Load())
	}
}

// TestAcceptMore: an invitation adds to what somebody has.
func TestAcceptMore(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	hire(t, s, 1, "Rina", reviewerGrants...)
	later := noon.Add(time.Hour)
	token := must(s.Invite(t.Context(), umkm.Invitation{Name: "Rina W", At: later, Grants: []umkm.Grant{
		{Role: umkm.RoleReviewer, Region: "36.04.05"}, {Role: umkm.RoleOfficer, Region: "36"},
	}}))
	staff := must(s.AcceptInvite(t.Context(), 1, token, later))
	want := []umkm.Grant{{Role: umkm.RoleReviewer, Region: "36.04"}, {Role: umkm.RoleOfficer, Region: "36"}}
	if !slices.Equal(umkm.Tidy(staff.Grants), want) || !staff.Since.Equal(noon) {
		t.Errorf("has %+v", staff)
	}
	if n := count(t, s, `SELECT count(*) FROM staff_grants WHERE account = 1 AND region = '36.04.05'`); n != 0 {
		t.Error("a region within another is kept")
	}
}

func TestGuessing(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	token := must(s.Invite(t.Context(), umkm.Invitation{Name: "Rina", Grants: reviewerGrants, At: noon}))
	for range 3 * inviteMisses {
		if _, err := s.AcceptInvite(t.Context(), 1, "guess", noon); !errors.Is(err, umkm.ErrInvite) {
			t.Fatal(err)
		}
	}
	if n := count(t, s, `SELECT count(*) FROM audit_log WHERE action = $1`, actionMissed); n != inviteMisses {
		t.Errorf("%d misses kept, want %d: a flood must not fill the log", n, inviteMisses)
	}
	if _, err := s.AcceptInvite(t.Context(), 1, token, noon.Add(inviteRest-time.Second)); !errors.Is(err, umkm.ErrInvite) {
		t.Errorf("a good token within the hour: %v", err)
	}
	if _, err := s.AcceptInvite(t.Context(), 1, token, noon.Add(inviteRest)); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}
