package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
)

var (
	adminGrants    = []umkm.Grant{{Role: umkm.RoleAdmin, Region: umkm.Province}}
	reviewerGrants = []umkm.Grant{{Role: umkm.RoleReviewer, Region: "36.04"}}
)

// hire puts an account on the staff.
func hire(t testing.TB, s *Store, account int64, name string, grants ...umkm.Grant) {
	t.Helper()
	token := must(s.Invite(t.Context(), umkm.Invitation{Name: name, Grants: grants, At: noon}))
	must(s.AcceptInvite(t.Context(), account, token, noon))
}

func TestChangeStaff(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	hire(t, s, 1, "Rina", adminGrants...)
	hire(t, s, 2, "Joko", reviewerGrants...)
	wider := []umkm.Grant{{Role: umkm.RoleReviewer, Region: "36.73"}, {Role: umkm.RoleOfficer, Region: "36.04.05"}}
	for _, tc := range []struct {
		name        string
		by, account int64
		grants      []umkm.Grant
		want        error
	}{
		{"by a reviewer", 2, 2, adminGrants, umkm.ErrForbidden},
		{"by a stranger", 3, 2, adminGrants, umkm.ErrForbidden},
		{"of a stranger", 1, 3, reviewerGrants, umkm.ErrNoStaff},
		{"the last admin's own", 1, 1, reviewerGrants, umkm.ErrLastAdmin},
		{"to nothing", 1, 2, nil, umkm.ErrRefused},
		{"an unknown role", 1, 2, []umkm.Grant{{Role: "king", Region: "36"}}, umkm.ErrRefused},
		{"another province", 1, 2, []umkm.Grant{{Role: umkm.RoleOfficer, Region: "31"}}, umkm.ErrRefused},
		{"a village", 1, 2, []umkm.Grant{{Role: umkm.RoleOfficer, Region: "36.04.05.2001"}}, umkm.ErrRefused},
		{"regions", 1, 2, wider, nil},
	} {
		if err := s.ChangeStaff(t.Context(), tc.by, tc.account, tc.grants, noon); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
	}
	joko := must(s.StaffOf(t.Context(), 2))
	if !slices.Equal(umkm.Tidy(joko.Grants), umkm.Tidy(wider)) || joko.Name != "Joko" || !joko.Since.Equal(noon) {
		t.Errorf("after the change: %+v", joko)
	}
	if n := count(t, s, `SELECT count(*) FROM audit_log WHERE action = 'staff.changed' AND actor = 'account:1' AND subject = 'staff:2'`); n != 1 {
		t.Errorf("%d audit rows of one change", n)
	}
	if n := count(t, s, `SELECT count(*) FROM audit_log WHERE details::text LIKE '%Joko%' OR details::text LIKE '%Rina%'`); n != 0 {
		t.Error("the audit log names people")
	}
}

func TestRemoveStaff(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	hire(t, s, 1, "Rina", adminGrants...)
	hire(t, s, 2, "Joko", reviewerGrants...)
	if err := s.RemoveStaff(t.Context(), 1, 1, noon); !errors.Is(err, umkm.ErrLastAdmin) {
		t.Fatalf("the last admin: %v", err)
	}
	if err := s.RemoveStaff(t.Context(), 1, 2, noon); err != nil {
		t.Fatal(err)
	}
	if joko := must(s.StaffOf(t.Context(), 2)); len(joko.Grants) != 0 || joko.Has(umkm.RoleReviewer) {
		t.Errorf("still has %+v", joko)
	}
	if err := s.RemoveStaff(t.Context(), 1, 2, noon); !errors.Is(err, umkm.ErrNoStaff) {
		t.Errorf("removed twice: %v", err)
	}
	hire(t, s, 2, "Joko", adminGrants...)
	if err := s.RemoveStaff(t.Context(), 2, 1, noon); err != nil {
		t.Errorf("with another admin there: %v", err)
	}
}

// TestLastAdmin: of admins who remove each other at the same moment, one stays.
func TestLastAdmin(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	const admins = 6
	for i := range int64(admins) {
		hire(t, s, i+1, "Admin", adminGrants...)
	}
	var group sync.WaitGroup
	for i := range int64(admins) {
		group.Go(func() {
			err := s.RemoveStaff(t.Context(), i+1, (i+1)%admins+1, noon)
			if err != nil && !errors.Is(err, umkm.ErrForbidden) && !errors.Is(err, umkm.ErrLastAdmin) && !errors.Is(err, umkm.ErrNoStaff) {
				t.Error(err)
			}
		})
		group.Go(func() { _ = s.ChangeStaff(t.Context(), i+1, i+1, reviewerGrants, noon) })
	}
	group.Wait()
	if n := count(t, s, `SELECT count(*) FROM staff_grants WHERE role = 'admin'`); n < 1 {
		t.Error("no admin is left")
	}
}

// TestStaffHeld: a role that a transaction relies on cannot be taken away
// before it commits, and is seen as it is afterwards.
func TestStaffHeld(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	hire(t, s, 1, "Rina", adminGrants...)
	hire(t, s, 2, "Joko", reviewerGrants...)
	removed := make(chan error, 1)
	err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error {
		if joko := must(staffHeld(t.Context(), tx, 2)); !joko.Has(umkm.RoleReviewer) {
			t.Error("no reviewer at first")
		}
		go func() { removed <- s.RemoveStaff(context.WithoutCancel(t.Context()), 1, 2, noon) }()
		eventually(t, "the removal waits", func() bool {
			return count(t, s, `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock'`) > 0
		})
		if joko := must(staffHeld(t.Context(), tx, 2)); !joko.Has(umkm.RoleReviewer) {
			t.Error("removed under the transaction's hands")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-removed; err != nil {
		t.Fatal(err)
	}
	if joko := must(s.StaffOf(t.Context(), 2)); len(joko.Grants) != 0 {
		t.Error("not removed afterwards")
	}
}

func TestListStaff(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	hire(t, s, 100, "Rina", adminGrants...)
	for i := range int64(25) {
		hire(t, s, i+1, fmt.Sprintf("Petugas %d", i%5), reviewerGrants...) // names repeat
	}
	if err := s.RemoveStaff(t.Context(), 100, 7, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	seen := map[int64]bool{}
	last := ""
	for after := int64(0); ; {
		page := must(s.ListStaff(t.Context(), after, 4))
		for _, m := range page {
			if seen[m.Account] || m.Name < last || len(m.Grants) == 0 {
				t.Errorf("%d %q after %q, seen %v", m.Account, m.Name, last, seen[m.Account])
			}
			seen[m.Account], last, after = true, m.Name, m.Account
		}
		if len(page) < 4 {
			break
		}
	}
	if len(seen) != 25 || seen[7] {
		t.Errorf("%d listed, the removed one %v", len(seen), seen[7])
	}
}
