package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// accessShown is how many entries a page of the access log has.
const accessShown = 10

// accessPage shows who has looked at somebody's data, the newest first; behind
// an entry it goes on. It names no staff: they answer for their office.
func (t *turn) accessPage(ctx context.Context, s subject, rest []string) error {
	t.answerTap("")
	before := ""
	if len(rest) > 0 {
		before = lengthen(rest[0])
	}
	page, err := t.bot.personal.PersonalAccesses(ctx, t.in.chat, s.owner, before, accessShown+1)
	if errors.Is(err, umkm.ErrNotYours) {
		return t.unknownTap(ctx)
	}
	if err != nil {
		return fmt.Errorf("personal accesses: %w", err)
	}
	k := t.resumeKeys()
	if len(page) > accessShown {
		page = page[:accessShown]
		k.row(button(t.label("personal.access.more", nil), personalData(personalAccess, s.owner, shorten(page[accessShown-1].ID))))
	}
	lines := []string{t.say("personal.access.title", dialog.Args{"Name": t.called(s)})}
	day := ""
	for _, a := range page {
		if date := t.date(a.At); date != day {
			day = date
			lines = append(lines, "", t.say("personal.access.day", dialog.Args{"Date": date}))
		}
		lines = append(lines, t.accessLine(a))
	}
	if len(page) == 0 {
		lines = append(lines, "", t.say("personal.access.none", nil))
	}
	k.row(button(t.label("personal.access.doubt", nil), dataPerson))
	k.row(t.personalBack(s), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

// accessLine says one entry of a day: when, who, what.
func (v voice) accessLine(a umkm.PersonalAccess) string {
	return v.say("personal.access.line", dialog.Args{"Time": v.clock(a.At), "Who": v.accessor(a), "What": v.accessed(a)})
}

// accessor says on whose part somebody looked, and of staff in which role.
func (v voice) accessor(a umkm.PersonalAccess) string {
	switch {
	case a.Who != umkm.AccessStaff:
		return v.label("personal.access.who."+string(a.Who), nil)
	case a.Role == "":
		return v.label("personal.access.who.staff", nil)
	}
	role := strings.ToLower(v.label("staff.role."+string(a.Role), nil))
	if len(a.Region) == 0 || a.Role == umkm.RoleAdmin {
		return v.label("personal.access.who.role", dialog.Args{"Role": role})
	}
	var regions []string
	for _, code := range a.Region {
		regions = append(regions, v.region(umkm.RegionCode(code)))
	}
	return v.label("personal.access.who.region", dialog.Args{"Role": role, "Regions": strings.Join(regions, ", ")})
}

// accessed says what was done. An action without words of its own is told by
// what it was about, and in the last resort as a look at the data.
func (v voice) accessed(a umkm.PersonalAccess) string {
	for _, key := range []string{"personal.action." + a.Action, "personal.what." + a.What} {
		if v.bot.words.Has(key) {
			return v.label(key, nil)
		}
	}
	return v.label("personal.action.other", nil)
}
