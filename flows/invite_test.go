package flows_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// personnel keeps what it was asked for.
type personnel struct {
	invited umkm.Invitation
	by, of  int64
	grants  []umkm.Grant
	err     error
}

func (p *personnel) Invite(_ context.Context, i umkm.Invitation) (string, error) {
	p.invited = i
	return "token", p.err
}

func (p *personnel) ChangeStaff(_ context.Context, by, account int64, grants []umkm.Grant, _ time.Time) error {
	p.by, p.of, p.grants = by, account, grants
	return p.err
}

// confirmed answers the review card of a form that is filled.
func confirmed(t interface{ Fatal(...any) }, f dialog.Flow, a dialog.Answers, subject string) dialog.Result {
	d := dialog.New(f, "d1")
	d.Answers, d.Subject, d.Chat, d.Touched = a, subject, 7, walkStart
	press := dialog.Input{Kind: dialog.InputPress, Dialog: "d1", Step: "review", Option: "confirm", At: walkStart}
	_, result, err := dialog.NewFlows(f).Apply(context.Background(), d, press)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestInviteAsksForTheRolesChosen(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		answers dialog.Answers
		want    []umkm.Grant
	}{
		{"a reviewer", dialog.Answers{"roles": {Value: "reviewer"}, "reviewer_regions": {Value: "36.04,36.73"}}, []umkm.Grant{
			{Role: umkm.RoleReviewer, Region: "36.04"}, {Role: umkm.RoleReviewer, Region: "36.73"},
		}},
		{"both, each in its regions", dialog.Answers{
			"roles": {Value: "reviewer,officer"}, "reviewer_regions": {Value: "36.04"}, "officer_regions": {Value: "36"},
		}, []umkm.Grant{{Role: umkm.RoleReviewer, Region: "36.04"}, {Role: umkm.RoleOfficer, Region: "36"}}},
		{"an admin, whatever else was said", dialog.Answers{"roles": {Value: "reviewer,admin"}, "reviewer_regions": {Value: "36.04"}}, []umkm.Grant{
			{Role: umkm.RoleAdmin, Region: "36"},
		}},
		{"regions of a role that is not wanted any more", dialog.Answers{
			"roles": {Value: "officer"}, "reviewer_regions": {Value: "36"}, "officer_regions": {Value: "36.02"},
		}, []umkm.Grant{{Role: umkm.RoleOfficer, Region: "36.02"}}},
	} {
		p := &personnel{}
		tc.answers["name"] = dialog.Answer{Value: "Joko"}
		result := confirmed(t, flows.Invite(p, regions.Banten()), tc.answers, "")
		if result.Outcome.Key != "done" || result.Outcome.Args["Token"] != "token" {
			t.Errorf("%s: %+v", tc.name, result.Outcome)
		}
		if i := p.invited; !slices.Equal(i.Grants, tc.want) || i.By != 7 || i.Name != "Joko" || i.Dialog != "d1" || !i.At.Equal(walkStart) {
			t.Errorf("%s: invited %+v", tc.name, i)
		}
	}
}

// What somebody may do survives being opened and saved unchanged.
func TestStaffAnswersKeepTheRoles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grants := umkm.Tidy(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) umkm.Grant {
			return umkm.Grant{
				Role:   rapid.SampledFrom(umkm.Roles()).Draw(t, "role"),
				Region: rapid.SampledFrom([]umkm.RegionCode{"36", "36.02", "36.04", "36.04.05", "36.04.15", "36.73"}).Draw(t, "region"),
			}
		}), 1, 6).Draw(t, "grants"))
		p := &personnel{}
		result := confirmed(t, flows.ChangeStaff(p, regions.Banten()), flows.StaffAnswers(umkm.Staff{Name: "Joko", Grants: grants}), "42")
		want := grants
		if (umkm.Staff{Grants: grants}).Has(umkm.RoleAdmin) { // includes the others
			want = []umkm.Grant{{Role: umkm.RoleAdmin, Region: umkm.Province}}
		}
		if !slices.Equal(umkm.Tidy(p.grants), want) || p.by != 7 || p.of != 42 || result.Outcome.Args["Name"] != "Joko" {
			t.Fatalf("%v became %v, %+v", grants, p.grants, result.Outcome)
		}
	})
}

func TestStaffOutcomes(t *testing.T) {
	t.Parallel()
	answers := func() dialog.Answers {
		return flows.StaffAnswers(umkm.Staff{Name: "Joko", Grants: []umkm.Grant{{Role: umkm.RoleOfficer, Region: "36"}}})
	}
	for _, tc := range []struct {
		err       error
		key, redo string
	}{
		{nil, "done", ""},
		{umkm.ErrForbidden, "forbidden", ""},
		{umkm.ErrNoStaff, "gone", ""},
		{umkm.ErrLastAdmin, "", "roles"},
	} {
		result := confirmed(t, flows.ChangeStaff(&personnel{err: tc.err}, regions.Banten()), answers(), "42")
		redo := result.Problem != nil && result.Problem.Key == "last_admin"
		if result.Outcome.Key != tc.key || redo != (tc.redo != "") {
			t.Errorf("%v: %+v", tc.err, result)
		}
	}
	p := &personnel{err: umkm.ErrForbidden}
	a := answers()
	a["name"] = dialog.Answer{Value: "Joko"}
	if result := confirmed(t, flows.Invite(p, regions.Banten()), a, ""); result.Outcome.Key != "forbidden" {
		t.Errorf("%+v", result)
	}
	if result := confirmed(t, flows.ChangeStaff(&personnel{err: errors.New("unused")}, regions.Banten()), answers(), "x"); result.Outcome.Key != "gone" {
		t.Errorf("of nobody: %+v", result)
	}
}
