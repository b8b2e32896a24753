package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// desk is an office with a depot beside it.
type desk struct {
	*office
	*depot
}

func newDesk(t *testing.T, p plan) *desk {
	t.Helper()
	o := newOffice(t, p)
	d, err := newDepot(t.Context(), o.settings, o.log.logger(), o.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return &desk{o, d}
}

func (d *desk) now() time.Time { return d.office.now() }

// must fails the test.
func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// reviewer is a person with the role in a region.
func (d *desk) reviewer(region string) person {
	d.t.Helper()
	p := d.person()
	token, err := d.Invite(d.t.Context(), umkm.Invitation{
		Name: "Rina Wulandari", Grants: []umkm.Grant{{Role: umkm.RoleReviewer, Region: umkm.RegionCode(region)}}, At: d.now(),
	})
	d.must(err)
	_, err = d.AcceptInvite(d.t.Context(), p.id, token, d.now())
	d.must(err)
	return p
}

// owner has a business in a village and has handed in a NIB.
func (d *desk) owner(village string) (p person, document string) {
	d.t.Helper()
	p = d.person()
	d.must(d.register(d.t.Context(), p.id, "Siti Rahasia", fmt.Sprintf("Warung %d", p.id), umkm.RegionCode(village)))
	document, err := d.submit(d.t.Context(), p.id, umkm.DocumentNIB, numberOnPage, 1)
	d.must(err)
	return p, document
}

// pictured is a message as a reviewer sees it.
type pictured struct {
	ID        int    `json:"message_id"`
	Text      string `json:"text"`
	Caption   string `json:"caption"`
	Protected bool   `json:"has_protected_content"`
	Markup    struct {
		Inline [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	} `json:"reply_markup"`
}

func (p person) screen() []pictured {
	p.o.t.Helper()
	var all []pictured
	if err := p.o.api.Get(p.o.t.Context(), fmt.Sprintf("users/%d/messages", p.id), &all); err != nil {
		p.o.t.Fatal(err)
	}
	return all
}

// data is what a button on the screen would send.
func (p person) data(label string) (message int, data string) {
	p.o.t.Helper()
	all := p.screen()
	for i := len(all) - 1; i >= 0; i-- {
		for _, row := range all[i].Markup.Inline {
			for _, b := range row {
				if b.Text == label {
					return all[i].ID, b.Data
				}
			}
		}
	}
	p.o.t.Fatalf("there is no button %q", label)
	return 0, ""
}

// presses presses what is on no button of the person's.
func (p person) presses(data string) {
	p.o.t.Helper()
	all := p.screen()
	p.do("press", map[string]any{"data": data, "message_id": all[len(all)-1].ID})
	p.o.settled()
}

// takes has the person take the next document and waits for the question.
func (p person) takes() {
	p.o.t.Helper()
	n := p.times(decideWords)
	p.say("/periksa")
	p.seesTimes(decideWords, n+1)
}

func (p person) approves() {
	p.o.t.Helper()
	p.press("✅ Setujui")
	p.sees("Ketik ulang nomor")
	p.say(numberOnPage)
	p.sees("Disetujui")
}

// pages counts what of a document is on the screen, and whether all of it is
// protected.
func (p person) pages() (n int, protected bool) {
	p.o.t.Helper()
	protected = true
	for _, m := range p.screen() {
		if strings.HasPrefix(m.Caption, "Halaman ") || strings.Contains(m.Text, "Siti Rahasia") {
			n++
			protected = protected && m.Protected
		}
	}
	return n, protected
}

// state is a chat's as it is kept.
func (d *desk) state(p person) dialog.State {
	d.t.Helper()
	e, err := d.Chats.Enter(d.t.Context(), p.id)
	d.must(err)
	d.Chats.Release(e, true)
	return e.State
}

func (d *desk) restore(p person, s dialog.State) {
	d.t.Helper()
	e, err := d.Chats.Enter(d.t.Context(), p.id)
	d.must(err)
	e.State = s
	d.must(d.Chats.Save(d.t.Context(), e))
	d.Chats.Release(e, true)
}

// works approves documents until none is left.
func (p person) works(ctx context.Context) error {
	for {
		n, err := p.heard(ctx, "/periksa", decideWords, "Tidak ada dokumen", "sedang diperiksa petugas lain")
		if err != nil || n > 0 {
			return err
		}
		if _, err := p.heard(ctx, "setuju", "Ketik ulang nomor"); err != nil {
			return err
		}
		if _, err := p.heard(ctx, numberOnPage, "Disetujui"); err != nil {
			return err
		}
	}
}

// heard says something and returns which of some words the answer has.
func (p person) heard(ctx context.Context, text string, words ...string) (int, error) {
	return p.heardWithin(ctx, patienceOfTests, text, words...)
}

func (p person) heardWithin(ctx context.Context, patience time.Duration, text string, words ...string) (int, error) {
	path := fmt.Sprintf("users/%d/", p.id)
	var own pictured
	if err := p.o.api.Post(ctx, path+"text", map[string]any{"text": text}, &own); err != nil {
		return 0, err
	}
	end := time.Now().Add(patience)
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for time.Now().Before(end) {
		var all []pictured
		if err := p.o.api.Get(ctx, fmt.Sprintf("%smessages?after=%d", path, own.ID), &all); err != nil {
			return 0, err
		}
		for _, m := range all {
			for i, w := range words {
				if strings.Contains(m.Text, w) {
					return i, nil
				}
			}
		}
		<-tick.C
	}
	return 0, errors.New("in vain waited for " + words[0])
}
