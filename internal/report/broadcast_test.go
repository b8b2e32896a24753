package report

import (
	"bytes"
	"errors"
	"image/png"
	"os"
	"testing"

	"umkmbot/internal/picture"
)

func usualBroadcast() Broadcast {
	return Broadcast{
		Title: "Pendaftaran sertifikat halal gratis dibuka lagi", When: "Senin, 7 Desember 2026, pukul 09.00 WIB",
		States: []State{{"Terkirim", 700_000}, {"Memblokir bot", 40_000}, {"Gagal", 8_000}, {"Tidak pasti", 12}, {"Dilewati", 51_988}},
		Regions: []District{
			{"Kabupaten Serang", 300_000, 280_000}, {"Kota Serang", 200_000, 190_000}, {"Kabupaten Lebak", 300_000, 230_000},
		},
		Words: BroadcastWords{
			Head: "LAPORAN SIARAN", People: "700.000 dari 800.000 orang menerima", Regions: "Per kabupaten/kota", Others: "Lainnya",
			Note: "Angka: menerima/dituju.",
		},
	}
}

func TestABroadcastsBarSaysWhomItReached(t *testing.T) {
	raw, err := BroadcastPicture(usualBroadcast())
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("REPORT_PICTURES"); dir != "" {
		if err := os.WriteFile(dir+"/broadcast.png", raw, 0o600); err != nil {
			t.Error(err)
		}
	}
	face, err := png.Decode(bytes.NewReader(raw))
	if err != nil || face.Bounds().Dx() != Width {
		t.Fatalf("%v %v", err, face)
	}
	const whole = right - margin
	if got, want := run(face, 300, picture.Deep), whole*7/8; got != want {
		t.Errorf("%d pixels are of those reached, want %d", got, want)
	}
	if got, want := run(face, 300, picture.Accent), whole-whole*7/8; got != want {
		t.Errorf("%d pixels are of the others, want %d", got, want)
	}
}

func TestNumbersOfNoBroadcastAreRefused(t *testing.T) {
	for _, bad := range []Broadcast{{States: []State{{"", -1}}}, {Regions: []District{{Came: -1}}}} {
		if _, err := BroadcastPicture(bad); !errors.Is(err, ErrReport) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, err := BroadcastPicture(Broadcast{}); err != nil {
		t.Errorf("of nothing: %v", err)
	}
}
