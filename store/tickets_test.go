package store

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/umkm"
)

// ticket is one as somebody who is not registered opens it.
func (o *office) ticket(account int64, at time.Time) umkm.NewTicket {
	return umkm.NewTicket{
		Dialog: fmt.Sprintf("tic-%d", o.dialog.Add(1)), Account: account, Language: "id", Name: "Pak Rahasia", Topic: umkm.TicketHelp,
		Village: serang, Context: "register/nik", Text: "Bagaimana rahasianya?", Due: at.Add(24 * time.Hour), At: at,
	}
}

func (o *office) open(n umkm.NewTicket) string {
	o.t.Helper()
	r, err := o.OpenTicket(o.t.Context(), n)
	if err != nil {
		o.t.Fatal(err)
	}
	return r.Document
}

// saying is a word about a case.
func (o *office) saying(account int64, id string, staff bool, text string, at time.Time) umkm.Saying {
	return umkm.Saying{Key: fmt.Sprintf("say-%d", o.dialog.Add(1)), Account: account, Case: id, Staff: staff, Text: text, At: at}
}

func (o *office) say(account int64, id string, staff bool, text string, at time.Time) string {
	o.t.Helper()
	m, err := o.Say(o.t.Context(), o.saying(account, id, staff, text, at))
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

func TestTicketFromBothSides(t *testing.T) {
	o := openOffice(t)
	rina, budi := o.officer(900, serang), o.officer(901, "36.04.05")
	n := o.ticket(7, noon)
	id := o.open(n)
	if again := o.open(n); again != id {
		t.Error("the dialog opened two")
	}
	if got := must(o.TicketsOf(t.Context(), 7)); len(got) != 1 || !got[0].Open || got[0].Taken || !got[0].Due.Equal(n.Due) || got[0].Context != n.Context {
		t.Errorf("listed %+v", got)
	}
	if _, found, err := o.TakeDesk(t.Context(), budi, umkm.CaseTicket, "", noon); found || err != nil {
		t.Errorf("an officer of a district took a regency's: %v", err)
	}
	before := o.say(7, id, false, "Halo?", noon.Add(time.Minute))
	c := o.takeDesk(rina, umkm.CaseTicket, "help", noon.Add(time.Hour))
	sheet := must(o.DeskSheet(t.Context(), rina, id, noon.Add(time.Hour)))
	if sheet.Person != n.Name || sheet.Ticket == nil || sheet.Ticket.Holder != rina || len(sheet.Messages) != 2 || sheet.Messages[1].Text != n.Text {
		t.Errorf("sheet %+v", sheet)
	}
	question := o.say(7, id, false, "Masih di sana?", noon.Add(2*time.Hour))
	answer := o.say(rina, id, true, "Ya, Pak.", noon.Add(3*time.Hour))
	o.now = func() time.Time { return noon.Add(4 * time.Hour) }
	told := func(message string, chat int64) umkm.MessageNotice {
		t.Helper()
		m := must(o.MessageFor(t.Context(), message))
		if chat == 0 && len(m.Chats) == 0 {
			return m
		}
		if len(m.Chats) != 1 || m.Chats[0].Chat != chat {
			t.Errorf("told %+v, want %d", m.Chats, chat)
		}
		return m
	}
	told(question, rina)
	if m := told(answer, 7); m.Message.Account != 0 || m.Message.Author != "Petugas 900" || m.Case.Holder != 0 || m.Message.Text != "Ya, Pak." {
		t.Errorf("the owner learns of the officer: %+v", m)
	}
	if o.jobs("notice_message") != 2 { // while nobody has it nobody is told
		t.Errorf("%d notices", o.jobs("notice_message"))
	}
	for viewer, want := range map[int64]int64{7: 0, rina: rina} {
		all := must(o.Messages(t.Context(), viewer, id, "", 10))
		if len(all) != 4 || all[0].ID != answer || all[0].Account != want || all[2].ID != before {
			t.Errorf("%d reads %+v", viewer, all)
		}
	}
	if err := o.CloseTicket(t.Context(), rina, id, true, noon.Add(4*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := must(o.TicketsOf(t.Context(), 7)); got[0].Open || !got[0].Due.IsZero() || !got[0].Closed.Equal(noon.Add(4*time.Hour)) {
		t.Errorf("then %+v", got)
	}
	last := must(o.Messages(t.Context(), 7, id, "", 1))[0]
	if last.Event != umkm.EventClosed || !last.Staff {
		t.Errorf("the last word is %+v", last)
	}
	told(last.ID, 7)
	if c.Version >= o.version(id) {
		t.Error("the version stays")
	}
	for _, what := range []string{
		"SELECT count(*) FROM messages WHERE position('rahasia'::bytea in text_sealed) > 0",
		"SELECT count(*) FROM tickets WHERE position('Rahasia'::bytea in name_sealed) > 0",
		"SELECT count(*) FROM audit_log WHERE details::text ILIKE '%rahasia%'",
	} {
		if o.count(what) != 0 {
			t.Errorf("readable: %s", what)
		}
	}
	if o.audits("ticket.viewed") != 1 || o.audits("ticket.opened") != 1 || o.audits("ticket.closed") != 1 {
		t.Error("audit rows")
	}
	o.checkCounters()
}

func TestTicketOpensAgainWithinAWeek(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	id, other := o.open(o.ticket(7, noon)), o.open(o.ticket(8, noon.Add(time.Second)))
	closed := noon.Add(time.Hour)
	for range 2 {
		if err := o.CloseTicket(t.Context(), 7, id, false, closed); err != nil {
			t.Fatal(err)
		}
	}
	late := o.saying(7, id, false, "Satu lagi", closed.Add(umkm.ReopenTime+time.Second))
	if _, err := o.Say(t.Context(), late); !errors.Is(err, umkm.ErrClosed) {
		t.Errorf("after a week: %v", err)
	}
	again := o.saying(7, id, false, "Satu lagi", closed.Add(umkm.ReopenTime))
	again.Due = again.At.Add(24 * time.Hour)
	first := must(o.Say(t.Context(), again))
	if second := must(o.Say(t.Context(), again)); second != first {
		t.Error("said twice")
	}
	if got := must(o.TicketsOf(t.Context(), 7))[0]; !got.Open || !got.Closed.IsZero() || !got.Due.Equal(again.Due) {
		t.Errorf("open again: %+v", got)
	}
	// What was opened again goes before what waits for longer.
	if c := o.takeDesk(rina, umkm.CaseTicket, "", again.At); c.ID != id || !c.Returned {
		t.Errorf("took %+v", c)
	}
	if c := o.takeDesk(rina, umkm.CaseTicket, "", again.At); c.ID != other {
		t.Errorf("then %+v", c)
	}
	if o.audits("ticket.reopened") != 1 || o.jobs("case_due") != 3 {
		t.Errorf("audit rows %d, jobs %d", o.audits("ticket.reopened"), o.jobs("case_due"))
	}
}

func TestTicketOfABusiness(t *testing.T) {
	o := openOffice(t)
	b := o.business(1, ciruas)
	n := o.ticket(1, noon)
	n.Business, n.Village, n.File, n.Text = b, "", o.file(1, umkm.ScanNone), ""
	id := o.open(n)
	o.link(2, b)
	o.say(2, id, false, "Saya suaminya", noon.Add(time.Minute))
	for _, err := range []error{
		second(o.Say(t.Context(), o.saying(3, id, false, "Saya siapa?", noon))), o.CloseTicket(t.Context(), 3, id, false, noon),
		second(o.Messages(t.Context(), 3, id, "", 5)), second(o.Messages(t.Context(), 1, "x", "", 5)),
		second(o.Messages(t.Context(), 1, o.submit(1, b, noon), "", 5)),
		second(o.MessageFor(t.Context(), "x")), second(o.MessageFor(t.Context(), id)),
	} {
		if !errors.Is(err, umkm.ErrNotYours) {
			t.Errorf("a stranger: %v", err)
		}
	}
	rina := o.officer(900, serang)
	o.takeDesk(rina, umkm.CaseTicket, "", noon)
	sheet := must(o.DeskSheet(t.Context(), rina, id, noon))
	if sheet.Owner.Name == "" || sheet.Profile.Village != ciruas || sheet.Number == "" || len(sheet.Papers) != 1 {
		t.Errorf("sheet %+v", sheet)
	}
	if f := sheet.Messages[1].File; f == nil || f.ID != n.File || f.Name != "nib.jpg" {
		t.Errorf("file %+v", f)
	}
	if o.count("SELECT count(*) FROM files WHERE state = 'attached'") != 2 {
		t.Error("the file may be swept away")
	}
	o.exec("DELETE FROM account_owners WHERE account = 1")
	if m := must(o.MessageFor(t.Context(), o.say(rina, id, true, "Baik", noon))); len(m.Chats) != 2 || m.Chats[0].Chat != 1 {
		t.Errorf("told %+v; the ticket is its opener's", m.Chats)
	}
}

func TestWhatCannotBeSaid(t *testing.T) {
	o := openOffice(t)
	rina := o.officer(900, serang)
	id := o.open(o.ticket(7, noon))
	for name, c := range map[string]struct {
		change func(*umkm.NewTicket)
		want   error
	}{
		"nothing":      {func(n *umkm.NewTicket) { n.Text = "" }, umkm.ErrRefused},
		"too long":     {func(n *umkm.NewTicket) { n.Text = strings.Repeat("é", umkm.MaxMessage+1) }, umkm.ErrRefused},
		"topic":        {func(n *umkm.NewTicket) { n.Topic = "chat" }, umkm.ErrRefused},
		"place":        {func(n *umkm.NewTicket) { n.Village = "32" }, umkm.ErrRefused},
		"not theirs":   {func(n *umkm.NewTicket) { n.Business = o.business(1, ciruas) }, umkm.ErrNotYours},
		"another file": {func(n *umkm.NewTicket) { n.File = o.file(8, umkm.ScanNone) }, umkm.ErrFileGone},
		"no file":      {func(n *umkm.NewTicket) { n.File = "x" }, umkm.ErrFileGone},
		"a virus":      {func(n *umkm.NewTicket) { n.File = o.file(7, umkm.ScanInfected) }, umkm.ErrFileGone},
	} {
		n := o.ticket(7, noon)
		c.change(&n)
		if _, err := o.OpenTicket(t.Context(), n); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		say  umkm.Saying
		want error
	}{
		"nothing":        {o.saying(7, id, false, "", noon), umkm.ErrRefused},
		"no key":         {umkm.Saying{Account: 7, Case: id, Text: "a", At: noon}, umkm.ErrRefused},
		"too long":       {o.saying(7, id, false, strings.Repeat("a", umkm.MaxMessage+1), noon), umkm.ErrRefused},
		"staff, untaken": {o.saying(rina, id, true, "a", noon), umkm.ErrNotHeld},
		"staff, no case": {o.saying(rina, "x", true, "a", noon), umkm.ErrNotHeld},
		"no case":        {o.saying(7, "x", false, "a", noon), umkm.ErrNotYours},
	} {
		if _, err := o.Say(t.Context(), c.say); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if n := o.count("SELECT count(*) FROM messages"); n != 1 {
		t.Errorf("%d messages", n)
	}
}
