package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"umkmbot/internal/umkm"
	"umkmbot/store"
)

// seeder makes what the demo begins with. Everything goes the way it goes for
// real: people press Start, files are taken in and inspected, documents handed
// in and decided on. Done again after a start that broke off, it adds what is
// missing.
type seeder struct {
	records *store.Store
	address string // of the simulator
	now     func() time.Time
	zone    *time.Location
	people  []samplePerson
	ids     map[string]int64 // by first name
}

// seed fills an empty demo, once: marker is the file that says so.
func seed(ctx context.Context, records *store.Store, address, marker string, now func() time.Time, zone *time.Location) error {
	if _, err := os.Stat(marker); err == nil {
		return nil
	}
	s := &seeder{records: records, address: address, now: now, zone: zone, people: samplePeople(), ids: map[string]int64{}}
	for _, part := range []func(context.Context) error{s.makeUsers, s.register, s.hire, s.handIn, s.train, s.start} {
		if err := part(ctx); err != nil {
			return fmt.Errorf("sample people: %w", err)
		}
	}
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		return fmt.Errorf("sample people: %w", err)
	}
	return nil
}

// makeUsers makes the people of the simulator that are not there yet.
func (s *seeder) makeUsers(ctx context.Context) error {
	type user struct {
		ID   int64  `json:"id"`
		Name string `json:"first_name"`
	}
	var known []user
	if err := simCall(ctx, http.MethodGet, s.address+"/_sim/users", nil, &known); err != nil {
		return err
	}
	for _, u := range known {
		s.ids[u.Name] = u.ID
	}
	for _, p := range s.people {
		if s.ids[p.First] != 0 {
			continue
		}
		var u user
		if err := simCall(ctx, http.MethodPost, s.address+"/_sim/users", p, &u); err != nil {
			return err
		}
		s.ids[p.First] = u.ID
	}
	return nil
}

// registered is how long ago the sample businesses were.
const registered = 30 * sampleDay

func (s *seeder) register(ctx context.Context) error {
	for _, p := range s.people {
		known, err := s.records.Profiles(ctx, s.ids[p.First])
		if err != nil {
			return err
		}
		for _, r := range p.businesses {
			if slices.ContainsFunc(known, func(k umkm.Profile) bool { return k.BusinessName == r.Business.Name }) {
				continue
			}
			r.Account, r.At, r.Dialog = s.ids[p.First], s.now().Add(-registered), newDialogID()
			if _, err := s.records.Register(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// hire puts the sample staff on the staff.
func (s *seeder) hire(ctx context.Context) error {
	for _, p := range s.people {
		if p.grant.Role == "" {
			continue
		}
		staff, err := s.records.StaffOf(ctx, s.ids[p.First])
		if err == nil && len(staff.Grants) == 0 {
			err = s.invite(ctx, p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) invite(ctx context.Context, p samplePerson) error {
	at := s.now().Add(-registered)
	token, err := s.records.Invite(ctx, umkm.Invitation{Name: p.First, Grants: []umkm.Grant{p.grant}, At: at})
	if err != nil {
		return err
	}
	_, err = s.records.AcceptInvite(ctx, s.ids[p.First], token, at)
	return err
}

// handing is a sample document on its way.
type handing struct {
	sampleDocument
	account int64
	place   string // id of the business
	kept    string // id of the file
	ends    time.Time
}

// until is the last day as records have it, or as paper has it.
func (h handing) until(layout string) string {
	if h.ends.IsZero() {
		return ""
	}
	return h.ends.Format(layout)
}

// handIn hands in the documents that are missing: first those to be decided,
// each with nothing else in the queue, then those that wait.
func (s *seeder) handIn(ctx context.Context) error {
	all, err := s.missing(ctx)
	if err != nil {
		return err
	}
	if err := s.keep(ctx, all); err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b handing) int {
		switch {
		case a.verdict != "" && b.verdict == "":
			return -1
		case a.verdict == "" && b.verdict != "":
			return 1
		}
		return int(b.ago - a.ago)
	})
	for _, h := range all {
		if err := s.submit(ctx, h); err != nil {
			return fmt.Errorf("document %s: %w", h.kind, err)
		}
	}
	return nil
}

func (s *seeder) missing(ctx context.Context) ([]handing, error) {
	var out []handing
	for _, p := range s.people {
		known, err := s.records.Profiles(ctx, s.ids[p.First])
		if err != nil {
			return nil, err
		}
		for _, d := range p.documents {
			h := handing{sampleDocument: d, account: s.ids[p.First]}
			for _, k := range known {
				if k.BusinessName == d.business {
					h.place, h.owner = k.BusinessID, k.OwnerName
				}
			}
			if d.days > 0 {
				h.ends = s.now().AddDate(0, 0, d.days)
			}
			if d.kind == umkm.DocumentPIRT { // the last two digits are the year of the end
				h.number += h.until("06")
			}
			there, err := s.records.Wallet(ctx, h.account, h.place)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(there, func(t umkm.Document) bool { return t.Kind == d.kind }) {
				out = append(out, h)
			}
		}
	}
	return out, nil
}

// keep takes the files in, two at a time as the bot does.
func (s *seeder) keep(ctx context.Context, all []handing) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for i := range all {
		g.Go(func() error {
			h := &all[i]
			f := h.file(h.sampleDocument, h.until("02-01-2006"))
			kept, err := s.records.Keep(ctx, umkm.Upload{Account: h.account, Name: f.Name, Size: int64(len(f.Data))},
				func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Data)), nil })
			if err == nil && kept.Refused != "" {
				err = errors.New("the sample file " + f.Name + " is refused: " + kept.Refused)
			}
			h.kept = kept.ID
			return err
		})
	}
	return g.Wait()
}

// submit hands a document in and, where it is to be decided, has the reviewer
// of the province decide two hours later.
func (s *seeder) submit(ctx context.Context, h handing) error {
	at := s.now().Add(-h.ago)
	receipt, err := s.records.Submit(ctx, umkm.Submission{
		Dialog: newDialogID(), Account: h.account, Business: h.place, Kind: h.kind, Number: h.number, Until: h.until(time.DateOnly),
		Files: []string{h.kept}, At: at,
	})
	if err != nil || h.verdict == "" {
		return err
	}
	joko, at := s.ids["Joko"], at.Add(2*time.Hour)
	c, found, err := s.records.TakeCase(ctx, joko, umkm.CaseDocument, at)
	if err != nil || !found {
		return err
	}
	if c.ID != receipt.Document { // left of a start that broke off: it waits
		return s.records.ReleaseCase(ctx, joko, c.ID, false, at)
	}
	_, err = s.records.Decide(ctx, umkm.Decision{
		Dialog: uuid.NewString(), Account: joko, Case: c.ID, Version: c.Version, Verdict: h.verdict,
		Reasons: h.reasons, Note: h.note, Number: h.number, At: at,
	})
	return err
}

// start has those press Start whom the bot has something to tell.
func (s *seeder) start(ctx context.Context) error {
	for _, p := range s.people {
		if len(p.documents) == 0 && p.grant.Role == "" {
			continue
		}
		url := fmt.Sprintf("%s/_sim/users/%d/start", s.address, s.ids[p.First])
		if err := simCall(ctx, http.MethodPost, url, struct{}{}, new(json.RawMessage)); err != nil {
			return err
		}
	}
	return nil
}

func simCall(ctx context.Context, method, url string, body, result any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return fmt.Errorf("sample people: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, url, &content)
	if err != nil {
		return fmt.Errorf("sample people: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("sample people: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("sample people: the simulator answered %s", resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(result)
}
