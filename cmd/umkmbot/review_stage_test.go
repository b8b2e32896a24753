package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"umkmbot/internal/inspect/sample"
	"umkmbot/internal/umkm"
	"umkmbot/store"
	"umkmbot/store/files"
)

// arrangements are what scripts may have the stage do for a person:
//
//	--- siti: usaha Warung Siti di 36.04.05.2001 ---   is registered
//	--- siti: kirim nib 9120001012345, 2 halaman ---   hands a document in
//	--- siti: bukan petugas ---                        loses every role
//	--- siti: petugas reviewer 36.01 ---               has this role instead
//	--- siti: ikut mengurus usaha Warung Budi ---      acts for its owner too
//
// and what comes to desks:
//
//	--- siti: ajukan kur ---                           asks for a programme
//	--- siti: ajukan kur, tanpa izin ---               and consents to nothing that can be declined
//	--- siti: batal ajukan ---                         takes her newest request back
//	--- siti: tulis bantuan: Mau tanya ---             opens a ticket; or pengaduan
//	--- siti: lanjut: Masih belum bisa ---             adds to her newest request or ticket
var arrangements = []arrangement{
	{regexp.MustCompile(`^usaha (.+) di ([0-9.]+)$`), (*depot).business},
	{regexp.MustCompile(`^kirim ([a-z_]+)(?: ([A-Za-z0-9]+))?(?:, ([0-9]+) halaman)?$`), (*depot).document},
	{regexp.MustCompile(`^bukan petugas$`), (*depot).dismiss},
	{regexp.MustCompile(`^petugas ([a-z]+) ([0-9.]+)$`), (*depot).regrant},
	{regexp.MustCompile(`^ikut mengurus usaha (.+)$`), (*depot).family},
	{regexp.MustCompile(`^ajukan ([a-z_]+)(, tanpa izin)?$`), (*depot).applies},
	{regexp.MustCompile(`^batal ajukan$`), (*depot).cancels},
	{regexp.MustCompile(`^tulis (bantuan|pengaduan): (.+)$`), (*depot).writes},
	{regexp.MustCompile(`^lanjut: (.+)$`), (*depot).goesOn},
}

type arrangement struct {
	form *regexp.Regexp
	do   func(d *depot, ctx context.Context, person int64, m []string) error
}

// arrange is the transcripts' Stage.Arrange.
func (w *world) arrange(ctx context.Context, person int64, words string) error {
	if m := mishap.FindStringSubmatch(words); m != nil {
		return w.fault(ctx, person, m[1])
	}
	d, err := w.depot(ctx)
	if err != nil {
		return err
	}
	for _, a := range slices.Concat(broadcastArrangements, trainingArrangements, arrangements, deskArrangements) {
		if m := a.form.FindStringSubmatch(words); m != nil {
			return errors.Join(a.do(d, ctx, person, m), d.Close())
		}
	}
	return errors.Join(fmt.Errorf("nobody knows how to arrange %q", words), d.Close())
}

// depot is the records beside the running bot, to bring about in a moment what
// takes people many messages.
type depot struct {
	*store.Store
	database string
	now      func() time.Time
}

func (w *world) depot(ctx context.Context) (*depot, error) {
	return newDepot(ctx, w.settings, w.log.logger(), w.now)
}

func newDepot(ctx context.Context, s settings, log *slog.Logger, now func() time.Time) (*depot, error) {
	uploads, err := s.Files.uploads(files.Address.Open)
	if err != nil {
		return nil, err
	}
	records, err := openWhole(ctx, s.Store, store.Config{Uploads: uploads}, log, now)
	if err != nil {
		return nil, err
	}
	return &depot{Store: records, database: s.Store.DatabaseURL, now: now}, nil
}

// business registers one for an owner of the person's own.
func (d *depot) business(ctx context.Context, person int64, m []string) error {
	return d.register(ctx, person, "Siti Aminah", m[1], umkm.RegionCode(m[2]))
}

// nikOfAccount is a well-formed NIK of a person's own, for a hundred thousand and
// more: the year of birth counts on where the serial begins anew. The simulator counts
// people from five thousand million on.
func nikOfAccount(person int64) umkm.NIK {
	return umkm.NIK(fmt.Sprintf("3604055203%02d%04d", 85+person%5_000_000_000/9999%15, 1+person%9999))
}

func (d *depot) register(ctx context.Context, person int64, owner, name string, village umkm.RegionCode, more ...umkm.Consent) error {
	since, _ := umkm.ParseSince("2019")
	workers := 2
	_, err := d.Register(ctx, umkm.Registration{
		Dialog: uuid.NewString(), Account: person, Language: "id", At: d.now(),
		Owner: umkm.Owner{
			Name: owner, NIK: nikOfAccount(person), Phone: umkm.Phone("+6281234567890"),
			Consents: append([]umkm.Consent{{Purpose: "registration", Version: umkm.RegistrationVersion, Granted: true}}, more...),
		},
		Business: umkm.Business{
			Name: name, Sector: "food", Product: "Keripik pisang", Village: village, Since: since, Workers: &workers,
			Channels: []string{"shop"}, NIBState: "not_yet",
		},
	})
	return err
}

// document hands one in for the person's newest business.
func (d *depot) document(ctx context.Context, person int64, m []string) error {
	pages := 1
	if m[3] != "" {
		pages, _ = strconv.Atoi(m[3])
	}
	_, err := d.submit(ctx, person, umkm.DocumentKind(m[1]), m[2], pages)
	return err
}

// submit hands a document in whose pages are photos.
func (d *depot) submit(ctx context.Context, person int64, kind umkm.DocumentKind, number string, pages int) (document string, err error) {
	profiles, err := d.Profiles(ctx, person)
	if err != nil || len(profiles) == 0 {
		return "", errors.Join(err, fmt.Errorf("%d has no business", person))
	}
	sub := umkm.Submission{
		Dialog: uuid.NewString(), Account: person, Business: profiles[0].BusinessID, Kind: kind, Number: number, At: d.now(),
	}
	for range pages {
		id, err := d.photo(ctx, person)
		if err != nil {
			return "", err
		}
		sub.Files = append(sub.Files, id)
	}
	receipt, err := d.Submit(ctx, sub)
	return receipt.Document, err
}

// page is a photo of a document, made once.
var page = sample.JPEG(sample.Shrink(sample.Photo(), 2))

func (d *depot) photo(ctx context.Context, person int64) (id string, err error) {
	f, err := d.Keep(ctx, umkm.Upload{Account: person, Size: int64(len(page)), Compressed: true}, func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(page)), nil
	})
	if err == nil && f.Refused != "" {
		err = fmt.Errorf("the photo is refused: %s", f.Refused)
	}
	return f.ID, err
}

func (d *depot) dismiss(ctx context.Context, person int64, _ []string) error {
	return d.exec(ctx, `DELETE FROM staff_grants WHERE account = $1`, person)
}

func (d *depot) regrant(ctx context.Context, person int64, m []string) error {
	if err := d.dismiss(ctx, person, nil); err != nil {
		return err
	}
	return d.exec(ctx, `INSERT INTO staff_grants (account, role, region, at) VALUES ($1, $2, $3, $4)`, person, m[1], m[2], d.now())
}

// family lets the person act for the owner of a business, as families do who
// share phones.
func (d *depot) family(ctx context.Context, person int64, m []string) error {
	const account = `INSERT INTO accounts (telegram_id, language, reachable_since, created_at, seen_at) VALUES ($1, 'id', $2, $2, $2) ON CONFLICT DO NOTHING`
	const link = `INSERT INTO account_owners (account, owner, created_at) SELECT $1, owner, $3 FROM businesses WHERE name = $2`
	if err := d.exec(ctx, account, person, d.now()); err != nil {
		return err
	}
	return d.exec(ctx, link, person, m[1], d.now())
}

func (d *depot) exec(ctx context.Context, sql string, args ...any) error {
	conn, err := pgx.Connect(ctx, d.database)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql, args...)
	return errors.Join(err, conn.Close(ctx))
}
