package umkm

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
)

// Role is what a member of the staff may do, each in the regions given. Owners
// have none: everybody is one.
type Role string

// The roles. An admin may do everything everywhere, invite, and read the audit log.
const (
	RoleReviewer Role = "reviewer" // decides on documents and requests
	RoleOfficer  Role = "officer"  // trainings, broadcasts, segments, reports
	RoleAdmin    Role = "admin"
)

// Roles lists the roles, the least powerful first.
func Roles() []Role { return []Role{RoleReviewer, RoleOfficer, RoleAdmin} }

// Province is the region of those who may act everywhere in Banten.
const Province RegionCode = "36"

// Grant is one role in one region: the province, a regency or a district.
type Grant struct {
	Role   Role       `json:"role"`
	Region RegionCode `json:"region"`
}

// Staff is a Telegram account with the roles it has now; somebody without
// grants is no staff.
type Staff struct {
	Account int64
	Name    string
	Grants  []Grant
	Since   time.Time
}

// May reports whether a role reaches a region. An admin's reaches every one.
func (s Staff) May(role Role, region RegionCode) bool {
	return slices.ContainsFunc(s.Grants, func(g Grant) bool {
		return (g.Role == role || g.Role == RoleAdmin) && g.Region.Contains(region)
	})
}

// Has reports whether the person has one of the roles anywhere.
func (s Staff) Has(roles ...Role) bool {
	return slices.ContainsFunc(s.Grants, func(g Grant) bool {
		return g.Role == RoleAdmin || slices.Contains(roles, g.Role)
	})
}

// Regions lists where a role reaches, none of them within another.
func (s Staff) Regions(role Role) []RegionCode {
	var out []RegionCode
	for _, g := range s.Grants {
		if g.Role != role && g.Role != RoleAdmin {
			continue
		}
		out = slices.DeleteFunc(out, g.Region.Contains)
		if !slices.ContainsFunc(out, func(r RegionCode) bool { return r.Contains(g.Region) }) {
			out = append(out, g.Region)
		}
	}
	return out
}

// Contains reports whether a place lies in the region. Codes of Kemendagri are
// prefixes of what lies within: 36, 36.04, 36.04.05, 36.04.05.2001.
func (r RegionCode) Contains(place RegionCode) bool {
	return r != "" && (r == place || strings.HasPrefix(string(place), string(r)+"."))
}

// Tidy returns grants without repetition: an admin's for the province, and of
// one role no region that lies within another.
func Tidy(grants []Grant) []Grant {
	var out []Grant
	for _, g := range grants {
		if g.Role == RoleAdmin {
			g.Region = Province
		}
		if slices.ContainsFunc(out, g.within) {
			continue
		}
		out = slices.DeleteFunc(out, func(o Grant) bool { return o.within(g) })
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Grant) int {
		return cmp.Or(cmp.Compare(slices.Index(Roles(), a.Role), slices.Index(Roles(), b.Role)), cmp.Compare(a.Region, b.Region))
	})
	return out
}

func (g Grant) within(other Grant) bool {
	return g.Role == other.Role && other.Region.Contains(g.Region)
}

// Invitation is somebody who may join the staff with a link that is good once.
type Invitation struct {
	Dialog string // that makes it; "" from the command line
	By     int64  // who invites; 0: the command line
	Name   string // of the one invited
	Grants []Grant
	At     time.Time
}

// InviteLife is how long an invitation to the staff may be used, once.
const InviteLife = 24 * time.Hour

// Errors of what staff do.
var (
	// ErrForbidden: the person has no such role there, or not any more.
	ErrForbidden = errors.New("umkm: not within the person's role and region")
	// ErrInvite: an invitation is unknown, used or too old.
	ErrInvite = errors.New("umkm: the invitation cannot be used")
	// ErrNoStaff: the person is not on the staff, or not any more.
	ErrNoStaff = errors.New("umkm: the person is no staff")
	// ErrLastAdmin: somebody must remain who can invite others.
	ErrLastAdmin = errors.New("umkm: the last admin cannot be removed")
)
