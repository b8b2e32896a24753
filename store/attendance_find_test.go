package store

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"umkmbot/internal/umkm"
)

// namesake are people at the door; their ids are their places in the list.
func namesakes(names ...string) []seatedName {
	out := make([]seatedName, len(names))
	for i, n := range names {
		owner, business, _ := strings.Cut(n, "/")
		out[i] = seatedName{ID: uuid.UUID{15: byte(i)}, Owner: owner, Business: business, Number: umkm.Number(fmt.Sprintf("360405-%06d", 120+i))}
	}
	return out
}

func TestLikeliest(t *testing.T) {
	all := namesakes(
		"Siti Aminah/Keripik Singkong Barokah", "Siti Nurjanah/Batik Krakatoa", "Aminah/Warung 99", "Nur'aini Fadilah/Bolu Bu Nur",
		"H. Ahmad Fauzi/Emping Menes", "Euis Komalasari/Sate Bandeng Ibu Euis", "Tubagus Achmad/Gula Aren",
	)
	for typed, want := range map[string]string{
		"siti aminah":                "0",
		"Ibu Siti Aminah":            "0",
		"AMINAH":                     "20",
		"aminh":                      "20",
		"siti":                       "01",
		"sity nurjana":               "1",
		"keripik":                    "0",
		"kripik barokah":             "0",
		"warung 99":                  "2",
		"nuraini":                    "3",
		"ahmat":                      "4",
		"komala":                     "5",
		"124":                        "4",
		"000124":                     "4",
		"360405-000121":              "1",
		"bandeng euis":               "5",
		"siti komalasari":            "", // of two people
		"xyz":                        "",
		"":                           "",
		"12":                         "",
		"'; DROP TABLE seats; --%":   "",
		strings.Repeat("siti ", 500): "01",
	} {
		got := ""
		for _, id := range likeliest(all, typed) {
			got += fmt.Sprint(id[15])
		}
		if got != want {
			t.Errorf("%.40q finds %s, want %s", typed, got, want)
		}
	}
}

func TestLikeliestAreTen(t *testing.T) {
	all := namesakes(strings.Split(strings.Repeat("Siti/Warung,", 30), ",")...)
	if got := likeliest(all, "siti"); len(got) != foundAtMost {
		t.Errorf("%d found", len(got))
	}
}

// TestLikeliestTakesAnything: whatever is typed, and however people are called,
// it ends; and who types a name as it stands finds it.
func TestLikeliestTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := namesakes(rapid.SliceOfN(rapid.String(), 1, 5).Draw(t, "names")...)
		likeliest(all, rapid.String().Draw(t, "typed"))
		name := rapid.StringMatching(`[A-Za-z]{3,40}( [A-Za-z]{3,40}){0,2}`).Draw(t, "name")
		if found := likeliest(namesakes(name), name); len(found) != 1 {
			t.Fatalf("%q does not find itself", name)
		}
	})
}

func TestFindSeats(t *testing.T) {
	d := openDay(t, quota(5))
	siti := d.guest(1, umkm.SeatSeated)
	d.guest(2, umkm.SeatWaiting)
	other := d.announced(d.rina)
	d.seat(other, 3, d.business(3, ciruas), umkm.SeatSeated)
	found := must(d.FindSeats(t.Context(), d.rina, d.training, "siti aminh"))
	if len(found) != 1 || found[0].ID != siti.seat || found[0].BusinessNumber != d.number(siti.business) || found[0].Comment != "" {
		t.Errorf("found %+v", found)
	}
	if details := d.audited("training.searched"); details["found"] != float64(1) || len(details) != 1 {
		t.Errorf("audited %v", details)
	}
	if found = must(d.FindSeats(t.Context(), d.rina, d.training, "budi")); len(found) != 0 {
		t.Errorf("found %+v", found)
	}
}
