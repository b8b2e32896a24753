package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"umkmbot/internal/umkm"
	"umkmbot/store"
)

// samplePerson is somebody to try the demo as. All are made up; the NIKs are
// well-formed and belong to nobody on purpose.
type samplePerson struct {
	First    string `json:"first_name"`
	Last     string `json:"last_name,omitempty"`
	Language string `json:"language_code"`
	Phone    string `json:"phone_number"`

	businesses []umkm.Registration
}

func samplePeople() []samplePerson {
	shop := func(owner string, nik umkm.NIK, phone umkm.Phone, name, sector, product string, village umkm.RegionCode, monthly int64) umkm.Registration {
		r := umkm.Registration{
			Language: "id",
			Owner: umkm.Owner{Name: owner, NIK: nik, Phone: phone, Consents: []umkm.Consent{
				{Purpose: "registration", Version: "v2", Granted: true},
				{Purpose: "turnover", Version: "v1", Granted: monthly > 0},
				{Purpose: "programmes", Version: "v1", Granted: true},
				{Purpose: "messages", Version: "v1", Granted: true},
			}},
			Business: umkm.Business{Name: name, Sector: sector, Product: product, Village: village, NIBState: "not_yet", Channels: []string{"shop", "whatsapp"}},
		}
		if monthly > 0 {
			r.Business.Turnover = &umkm.Turnover{Rupiah: monthly, Per: umkm.PerMonth}
		}
		return r
	}
	return []samplePerson{
		{First: "Budi", Last: "Santoso", Language: "id", Phone: "6281200000001"},
		{First: "Siti", Last: "Aminah", Language: "id", Phone: "6281200000002", businesses: []umkm.Registration{
			shop("Siti Aminah", "3604015203850001", "+6281200000002", "Keripik Bu Siti", "food", "Keripik singkong", "36.04.05.2001", 6_000_000),
		}},
		{First: "Pak Dedi", Language: "id", Phone: "6281200000003", businesses: []umkm.Registration{
			shop("Dedi Kurniawan", "3671041708790002", "+6281200000003", "Bengkel Dedi Motor", "service", "Servis sepeda motor", "36.71.01.1001", 0),
			shop("Dedi Kurniawan", "3671041708790002", "+6281200000003", "Kopi Dedi", "food", "Kopi dan gorengan", "36.71.01.1001", 15_000_000),
		}},
		{First: "Anna", Language: "en", Phone: "6281200000004"},
	}
}

// seed makes the sample people and their businesses on the first start.
func seed(ctx context.Context, records *store.Store, address string, now func() time.Time) error {
	var known []json.RawMessage
	if err := simCall(ctx, http.MethodGet, address+"/_sim/users", nil, &known); err != nil {
		return err
	}
	if len(known) > 0 {
		return nil
	}
	for _, p := range samplePeople() {
		var user struct {
			ID int64 `json:"id"`
		}
		if err := simCall(ctx, http.MethodPost, address+"/_sim/users", p, &user); err != nil {
			return err
		}
		for _, r := range p.businesses {
			r.Account, r.At, r.Dialog = user.ID, now(), uuid.Must(uuid.NewV7()).String()
			if _, err := records.Register(ctx, r); err != nil {
				return fmt.Errorf("sample business: %w", err)
			}
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
