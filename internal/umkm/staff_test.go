package umkm

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestMay(t *testing.T) {
	t.Parallel()
	reviewer := Staff{Grants: []Grant{{RoleReviewer, "36.04"}, {RoleOfficer, "36.73.01"}}}
	admin := Staff{Grants: []Grant{{RoleAdmin, Province}}}
	for _, tc := range []struct {
		name   string
		staff  Staff
		role   Role
		region RegionCode
		want   bool
	}{
		{"her regency", reviewer, RoleReviewer, "36.04", true},
		{"a village in it", reviewer, RoleReviewer, "36.04.05.2001", true},
		{"another regency", reviewer, RoleReviewer, "36.03.05.2001", false},
		{"a code that only begins alike", reviewer, RoleReviewer, "36.041", false},
		{"the province", reviewer, RoleReviewer, "36", false},
		{"nowhere", reviewer, RoleReviewer, "", false},
		{"another role there", reviewer, RoleOfficer, "36.04.05", false},
		{"that role elsewhere", reviewer, RoleOfficer, "36.73.01.1001", true},
		{"what she is not", reviewer, RoleAdmin, "36.04", false},
		{"an admin anywhere", admin, RoleReviewer, "36.04.05.2001", true},
		{"nobody", Staff{}, RoleReviewer, "36.04", false},
	} {
		if got := tc.staff.May(tc.role, tc.region); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
	if !admin.Has(RoleOfficer) || reviewer.Has(RoleAdmin) || (Staff{}).Has(Roles()...) {
		t.Error("Has")
	}
}

func TestTidy(t *testing.T) {
	t.Parallel()
	regions := []RegionCode{"36", "36.04", "36.04.05", "36.73", ""}
	rapid.Check(t, func(t *rapid.T) {
		grants := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Grant {
			return Grant{rapid.SampledFrom(append(Roles(), "king")).Draw(t, "role"), rapid.SampledFrom(regions).Draw(t, "region")}
		})).Draw(t, "grants")
		tidy := Tidy(grants)
		if !slices.Equal(Tidy(tidy), tidy) {
			t.Fatalf("not tidy: %v", tidy)
		}
		for _, g := range grants { // nothing is lost or won, what is unknown neither
			if !slices.ContainsFunc(tidy, func(o Grant) bool {
				return o.Role == g.Role && (o.Region == g.Region || o.Region.Contains(g.Region) || g.Role == RoleAdmin)
			}) {
				t.Fatalf("%v is lost in %v", g, tidy)
			}
		}
		for _, role := range Roles() {
			for _, region := range regions {
				if (Staff{Grants: grants}).May(role, region) && !(Staff{Grants: tidy}).May(role, region) {
					t.Fatalf("%s in %s is lost", role, region)
				}
			}
		}
	})
}
