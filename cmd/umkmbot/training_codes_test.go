package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/jackc/pgx/v5"

	"umkmbot/bot"
	"umkmbot/internal/pass"
	"umkmbot/internal/umkm"
)

// codes are what people scan in scripts, about the training made last, and
// what they say:
//
//	<pindai kode Siti Aminah>   her code of the day
//	<pindai kartu Warung Siti>  the card of a business
//	<pindai ruang masuk>        the room's; or pulang
//
// Those of people can be photographed, too: <foto kode Siti Aminah>.
var codes = []struct {
	form *regexp.Regexp
	says func(d *depot, ctx context.Context, of string) (payload string, err error)
}{
	{regexp.MustCompile(`^kode (.+)$`), (*depot).seatCode},
	{regexp.MustCompile(`^kartu (.+)$`), (*depot).cardCode},
	{regexp.MustCompile(`^ruang (masuk|pulang)$`), (*depot).roomCode},
}

// code is the transcripts' Stage.Code.
func (w *world) code(ctx context.Context, words string) (string, error) {
	d, err := w.depot(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range codes {
		if m := c.form.FindStringSubmatch(words); m != nil {
			payload, err := c.says(d, ctx, m[1])
			return payload, errors.Join(err, d.Close())
		}
	}
	return "", errors.Join(fmt.Errorf("there is no code %q", words), d.Close())
}

// file is the transcripts' Stage.File: a sample, or the photo of a code.
func (w *world) file(name string) ([]byte, bool) {
	if content, ok := sampleFile(name); ok {
		return content, true
	}
	payload, err := w.code(context.Background(), name)
	if err != nil {
		return nil, false
	}
	photo, err := pass.Picture(pass.Pass{Title: "Foto", Name: name, Code: bot.StartLink("umkm_bot", payload)})
	return photo, err == nil
}

func (d *depot) seatCode(ctx context.Context, owner string) (string, error) {
	seat, err := d.look(ctx, `SELECT s.id::text FROM seats s JOIN owners o ON o.id = s.owner WHERE o.name = $1 ORDER BY s.id DESC LIMIT 1`, owner)
	return bot.SeatPayload(seat), err
}

func (d *depot) cardCode(ctx context.Context, business string) (string, error) {
	number, err := d.look(ctx, `SELECT number FROM businesses WHERE name = $1`, business)
	return "u_" + number, err
}

func (d *depot) roomCode(ctx context.Context, way string) (string, error) {
	training, err := d.newestTraining(ctx)
	what := umkm.AttendIn
	if way == "pulang" {
		what = umkm.AttendOut
	}
	return bot.RoomPayload(d.RoomToken(training, what)), err
}

// look reads one text of the records.
func (d *depot) look(ctx context.Context, sql string, args ...any) (text string, err error) {
	conn, err := pgx.Connect(ctx, d.database)
	if err != nil {
		return "", err
	}
	err = conn.QueryRow(ctx, sql, args...).Scan(&text)
	return text, errors.Join(err, conn.Close(ctx))
}
