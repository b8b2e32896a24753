package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Staff records who may join and what they may do. An admin asks for it, and
// is asked for again as it is done: umkm.ErrForbidden.
type Staff interface {
	// Invite returns a token that lets whoever has it join, once. The same
	// dialog has one invitation.
	Invite(ctx context.Context, i umkm.Invitation) (token string, err error)
	// ChangeStaff replaces an account's roles: umkm.ErrNoStaff, umkm.ErrLastAdmin.
	ChangeStaff(ctx context.Context, by, account int64, grants []umkm.Grant, at time.Time) error
}

// Invite makes an invitation to the staff, answered by an admin. Its outcome
// "done" carries the Token, for a link.
func Invite(staff Staff, places ask.Places) dialog.Flow {
	return dialog.Flow{
		Name: "invite", Rev: 1,
		Steps: append([]dialog.Step{{ID: "name", Field: ask.Name(3, 60)}}, roleSteps(places)...),
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			token, err := staff.Invite(ctx, umkm.Invitation{
				Dialog: d.ID, By: d.Chat, Name: d.Answers.Value("name"), Grants: grantsFrom(d.Answers), At: d.Touched,
			})
			switch {
			case errors.Is(err, umkm.ErrForbidden):
				return dialog.Done("forbidden", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("invite: %w", err)
			}
			return dialog.Done("done", dialog.Args{"Name": d.Answers.Value("name"), "Token": token}), nil
		},
	}
}

// ChangeStaff changes what somebody on the staff may do: it opens at its
// review card, filled by StaffAnswers, the account as its subject.
func ChangeStaff(staff Staff, places ask.Places) dialog.Flow {
	return dialog.Flow{
		Name: "staff", Rev: 1, Words: "invite",
		Steps: append([]dialog.Step{{ID: "name", Given: true}}, roleSteps(places)...),
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			account, err := strconv.ParseInt(d.Subject, 10, 64)
			if err != nil {
				return dialog.Done("gone", nil), nil
			}
			err = staff.ChangeStaff(ctx, d.Chat, account, grantsFrom(d.Answers), d.Touched)
			switch {
			case errors.Is(err, umkm.ErrForbidden):
				return dialog.Done("forbidden", nil), nil
			case errors.Is(err, umkm.ErrNoStaff):
				return dialog.Done("gone", nil), nil
			case errors.Is(err, umkm.ErrLastAdmin):
				return dialog.Redo("roles", "last_admin", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("change staff: %w", err)
			}
			return dialog.Done("done", dialog.Args{"Name": d.Answers.Value("name")}), nil
		},
	}
}

// regional are the roles that are given for regions; an admin's reaches
// everywhere.
var regional = []umkm.Role{umkm.RoleReviewer, umkm.RoleOfficer}

// roleSteps ask for roles and, of each, where.
func roleSteps(places ask.Places) []dialog.Step {
	steps := []dialog.Step{{ID: "roles", Field: staffRoles()}}
	for _, role := range regional {
		steps = append(steps, dialog.Step{ID: regionsOf(role), Field: ask.Regions(places), When: given(role)})
	}
	return append(steps, dialog.Step{ID: "review", Field: ask.Review()})
}

func staffRoles() dialog.Field {
	return ask.Choices(string(umkm.RoleReviewer), string(umkm.RoleOfficer), string(umkm.RoleAdmin)).
		Also(string(umkm.RoleReviewer), "verifikator", "pemeriksa", "reviewer").
		Also(string(umkm.RoleOfficer), "petugas", "petugas program", "officer").
		Also(string(umkm.RoleAdmin), "admin", "administrator")
}

func regionsOf(role umkm.Role) string { return string(role) + "_regions" }

func rolesIn(a dialog.Answers) []string { return strings.Split(a.Value("roles"), ",") }

// given is a When: the role is among those chosen, and does not come with an
// admin's.
func given(role umkm.Role) func(dialog.Answers) bool {
	return func(a dialog.Answers) bool {
		chosen := rolesIn(a)
		return slices.Contains(chosen, string(role)) && !slices.Contains(chosen, string(umkm.RoleAdmin))
	}
}

// grantsFrom reads the answers of roleSteps.
func grantsFrom(a dialog.Answers) []umkm.Grant {
	if slices.Contains(rolesIn(a), string(umkm.RoleAdmin)) {
		return []umkm.Grant{{Role: umkm.RoleAdmin, Region: umkm.Province}}
	}
	var grants []umkm.Grant
	for _, role := range regional {
		if !given(role)(a) {
			continue
		}
		for region := range strings.SplitSeq(a.Value(regionsOf(role)), ",") {
			grants = append(grants, umkm.Grant{Role: role, Region: umkm.RegionCode(region)})
		}
	}
	return grants
}

// StaffAnswers are what somebody on the staff may do now, as the answers with
// which ChangeStaff opens.
func StaffAnswers(s umkm.Staff) dialog.Answers {
	a := dialog.Answers{"name": {Value: s.Name}}
	regions := map[umkm.Role][]string{}
	for _, g := range umkm.Tidy(s.Grants) {
		regions[g.Role] = append(regions[g.Role], string(g.Region))
	}
	var roles []string
	for _, role := range umkm.Roles() {
		if len(regions[role]) > 0 {
			roles = append(roles, string(role))
		}
	}
	a["roles"] = dialog.Answer{Value: strings.Join(roles, ",")}
	for _, role := range regional {
		if len(regions[role]) > 0 {
			a[regionsOf(role)] = dialog.Answer{Value: strings.Join(regions[role], ",")}
		}
	}
	return a
}
