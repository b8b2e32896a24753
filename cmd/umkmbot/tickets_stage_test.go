package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
)

// deskArrangements are what scripts may have somebody do about requests and
// tickets without the screens for it:
//
//	--- siti: mengajukan halal_self ---               asks for a programme
//	--- rina: mengambil tiket ---                      takes the next, or the next request
//	--- rina: menjawab Baik, Bu. ---                   says something about what they took last
//	--- rina: mengirim foto ---                        the same with a photo
//	--- rina: melangkah checked, catatan Siapkan … --- moves the request on
//	--- rina: menolak, catatan … ---                   declines it
//	--- rina: menutup tiket ---
//	--- rina: menyerahkan ---                          hands it over to the first colleague
var deskArrangements = []arrangement{
	{regexp.MustCompile(`^mengajukan ([a-z_]+)$`), (*depot).apply},
	{regexp.MustCompile(`^mengambil (tiket|permohonan)$`), (*depot).take},
	{regexp.MustCompile(`^menjawab (.+)$`), (*depot).answer},
	{regexp.MustCompile(`^mengirim foto$`), (*depot).answerPhoto},
	{regexp.MustCompile(`^melangkah ([a-z_]+)(?:, catatan (.+))?$`), (*depot).move},
	{regexp.MustCompile(`^menolak, catatan (.+)$`), (*depot).decline},
	{regexp.MustCompile(`^menutup tiket$`), (*depot).closeTicket},
	{regexp.MustCompile(`^menyerahkan$`), (*depot).handOver},
}

// apply asks for a programme for the person's newest business.
func (d *depot) apply(ctx context.Context, person int64, m []string) error {
	profiles, err := d.Profiles(ctx, person)
	if err != nil || len(profiles) == 0 {
		return errors.Join(err, fmt.Errorf("%d has no business", person))
	}
	_, err = d.Apply(ctx, umkm.Application{
		Dialog: uuid.NewString(), Account: person, Business: profiles[0].BusinessID, Programme: m[1], Handler: umkm.RoleReviewer,
		Due: d.now().Add(5 * 24 * time.Hour), At: d.now(),
	})
	return err
}

func (d *depot) take(ctx context.Context, person int64, m []string) error {
	kind := umkm.CaseTicket
	if m[1] == "permohonan" {
		kind = umkm.CaseRequest
	}
	_, found, err := d.TakeDesk(ctx, person, kind, "", d.now())
	if err == nil && !found {
		err = fmt.Errorf("there is no %s to take", m[1])
	}
	return err
}

// taken is the newest case on the person's desk.
func (d *depot) taken(ctx context.Context, person int64) (umkm.Case, error) {
	all, err := d.DeskOf(ctx, person, umkm.QueueCursor{}, 20)
	if err != nil || len(all) == 0 {
		return umkm.Case{}, errors.Join(err, fmt.Errorf("%d has nothing on their desk", person))
	}
	return all[len(all)-1].Case, nil
}

func (d *depot) answer(ctx context.Context, person int64, m []string) error {
	return d.sayAs(ctx, person, m[1], "")
}

func (d *depot) answerPhoto(ctx context.Context, person int64, _ []string) error {
	id, err := d.photo(ctx, person)
	if err != nil {
		return err
	}
	return d.sayAs(ctx, person, "", id)
}

func (d *depot) sayAs(ctx context.Context, person int64, text, file string) error {
	c, err := d.taken(ctx, person)
	if err != nil {
		return err
	}
	_, err = d.Say(ctx, umkm.Saying{Key: uuid.NewString(), Account: person, Case: c.ID, Staff: true, Text: text, File: file, At: d.now()})
	return err
}

func (d *depot) move(ctx context.Context, person int64, m []string) error {
	state := umkm.RequestOpen
	if m[1] == "issued" {
		state = umkm.RequestDone
	}
	return d.moveTo(ctx, person, state, m[1], m[2])
}

func (d *depot) decline(ctx context.Context, person int64, m []string) error {
	return d.moveTo(ctx, person, umkm.RequestDeclined, "", m[1])
}

func (d *depot) moveTo(ctx context.Context, person int64, state umkm.RequestState, stage, note string) error {
	c, err := d.taken(ctx, person)
	if err != nil {
		return err
	}
	return d.MoveRequest(ctx, umkm.RequestMove{
		Dialog: uuid.NewString(), Account: person, Case: c.ID, Version: c.Version, State: state, Stage: stage, Note: note, At: d.now(),
	})
}

func (d *depot) closeTicket(ctx context.Context, person int64, _ []string) error {
	c, err := d.taken(ctx, person)
	if err != nil {
		return err
	}
	return d.CloseTicket(ctx, person, c.ID, true, d.now())
}

func (d *depot) handOver(ctx context.Context, person int64, _ []string) error {
	c, err := d.taken(ctx, person)
	if err != nil {
		return err
	}
	colleagues, err := d.Colleagues(ctx, person, c.ID)
	if err != nil || len(colleagues) == 0 {
		return errors.Join(err, errors.New("there is no colleague"))
	}
	return d.HandOver(ctx, person, c.ID, colleagues[0].Account, "Mohon dilanjutkan.", d.now())
}
