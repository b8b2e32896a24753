package main

import (
	"strings"
	"time"

	"umkmbot/internal/inspect/sample"
	"umkmbot/internal/umkm"
)

// samplePerson is somebody to try the demo as. All are made up; the NIKs are
// well-formed and belong to nobody on purpose.
type samplePerson struct {
	First    string `json:"first_name"`
	Last     string `json:"last_name,omitempty"`
	Language string `json:"language_code"`
	Phone    string `json:"phone_number"`

	businesses []umkm.Registration
	documents  []sampleDocument
	grant      umkm.Grant // of the staff; zero: an owner
}

// sampleDocument is one that a sample person has handed in.
type sampleDocument struct {
	business string
	owner    string // filled in from the business
	kind     umkm.DocumentKind
	number   string
	days     int           // until it ends; 0: it has no end
	ago      time.Duration // since it was handed in
	file     func(d sampleDocument, until string) sample.File
	verdict  umkm.Verdict // "": it waits
	reasons  []string
	note     string
}

const sampleDay = 24 * time.Hour

// owner makes the registrations of one.
type sampleOwner struct {
	name  string
	nik   umkm.NIK
	phone umkm.Phone
}

func (o sampleOwner) business(name, sector, product string, village umkm.RegionCode, monthly int64) umkm.Registration {
	workers := 2
	r := umkm.Registration{
		Language: "id",
		Owner: umkm.Owner{Name: o.name, NIK: o.nik, Phone: o.phone, Consents: []umkm.Consent{
			{Purpose: "registration", Version: umkm.RegistrationVersion, Granted: true},
			{Purpose: "turnover", Version: umkm.TurnoverVersion, Granted: monthly > 0},
			{Purpose: "programmes", Version: umkm.ProgrammesVersion, Granted: true},
			{Purpose: "messages", Version: umkm.MessagesVersion, Granted: true},
		}},
		Business: umkm.Business{
			Name: name, Sector: sector, Product: product, Village: village, NIBState: "not_yet",
			Since: umkm.Since{Year: 2019}, Workers: &workers, Channels: []string{"shop", "whatsapp"},
		},
	}
	if monthly > 0 {
		r.Business.Turnover = &umkm.Turnover{Rupiah: monthly, Per: umkm.PerMonth}
	}
	return r
}

// samplePeople are a new owner, owners with documents in every state, somebody
// who speaks English, and the staff.
func samplePeople() []samplePerson {
	return append(sampleOwners(),
		samplePerson{First: "Rina", Language: "id", Phone: "6281200000011", grant: umkm.Grant{Role: umkm.RoleReviewer, Region: "36.04"}},
		samplePerson{First: "Joko", Language: "id", Phone: "6281200000012", grant: umkm.Grant{Role: umkm.RoleReviewer, Region: umkm.Province}},
		samplePerson{First: "Pak Agus", Language: "id", Phone: "6281200000013", grant: umkm.Grant{Role: umkm.RoleOfficer, Region: "36.04"}},
		samplePerson{First: "Bu Kepala", Language: "id", Phone: "6281200000014", grant: umkm.Grant{Role: umkm.RoleAdmin, Region: umkm.Province}},
	)
}

func sampleOwners() []samplePerson {
	siti := sampleOwner{"Siti Aminah", sample.NIKNumber, "+6281200000002"}
	dedi := sampleOwner{"Dedi Kurniawan", "3671041708790002", "+6281200000003"}
	wati := sampleOwner{"Wati Rahayu", "3604174506880003", "+6281200000005"}
	hasan := sampleOwner{"Hasan Basri", "3673011204750004", "+6281200000006"}
	euis := sampleOwner{"Euis Komariah", "3602146302900005", "+6281200000007"}
	return []samplePerson{
		{First: "Budi", Last: "Santoso", Language: "id", Phone: "6281200000001"},
		{First: "Siti", Last: "Aminah", Language: "id", Phone: "6281200000002", businesses: []umkm.Registration{
			siti.business("Keripik Bu Siti", "food", "Keripik pisang", "36.04.05.2001", 6_000_000),
		}, documents: []sampleDocument{
			{business: "Keripik Bu Siti", kind: umkm.DocumentNIB, number: sample.NIBNumber, ago: 9 * sampleDay, file: nibFile, verdict: umkm.VerdictApprove},
			{business: "Keripik Bu Siti", kind: umkm.DocumentPIRT, number: "2063604010012", days: 30, ago: 8 * sampleDay, file: pirtFile, verdict: umkm.VerdictApprove},
			{business: "Keripik Bu Siti", kind: umkm.DocumentHalal, number: sample.HalalNumber, ago: 26 * time.Hour, file: halalFile},
		}},
		{First: "Pak Dedi", Language: "id", Phone: "6281200000003", businesses: []umkm.Registration{
			dedi.business("Bengkel Dedi Motor", "service", "Servis sepeda motor", "36.71.01.1001", 0),
			dedi.business("Kopi Dedi", "food", "Kopi dan gorengan", "36.71.01.1001", 15_000_000),
		}, documents: []sampleDocument{
			{
				business: "Kopi Dedi", kind: umkm.DocumentNIB, ago: 6 * sampleDay, file: smallPhoto, verdict: umkm.VerdictReturn,
				reasons: []string{"number_unreadable"}, note: "Kalau ada, kirim PDF dari OSS ya, Pak.",
			},
			{business: "Bengkel Dedi Motor", kind: umkm.DocumentSKU, number: "470/12/Ds.Contoh/2026", days: 200, ago: 3 * time.Hour, file: letterFile},
		}},
		{First: "Anna", Language: "en", Phone: "6281200000004"},
		{First: "Bu Wati", Language: "id", Phone: "6281200000005", businesses: []umkm.Registration{
			wati.business("Emping Wati", "food", "Emping melinjo", "36.04.17.2003", 4_000_000),
		}, documents: []sampleDocument{
			{business: "Emping Wati", kind: umkm.DocumentKTP, ago: 7 * sampleDay, file: ktpFile, verdict: umkm.VerdictReject, reasons: []string{"someone_else"}},
			{business: "Emping Wati", kind: umkm.DocumentSLHS, number: "440/123/SLHS/2025", days: 7, ago: 10 * sampleDay, file: letterFile, verdict: umkm.VerdictApprove},
			{business: "Emping Wati", kind: umkm.DocumentNIB, number: "9120001067890", ago: 5 * sampleDay, file: nibFile},
		}},
		{First: "Pak Hasan", Language: "id", Phone: "6281200000006", businesses: []umkm.Registration{
			hasan.business("Sate Bandeng Hasan", "food", "Sate bandeng", "36.73.01.1001", 9_000_000),
		}, documents: []sampleDocument{
			{business: "Sate Bandeng Hasan", kind: umkm.DocumentPIRT, number: "2063673010034", days: 700, ago: 2 * sampleDay, file: pirtFile},
		}},
		{First: "Teh Euis", Language: "id", Phone: "6281200000007", businesses: []umkm.Registration{
			euis.business("Tenun Euis", "fashion", "Kain tenun", "36.02.14.1002", 3_000_000),
		}, documents: []sampleDocument{
			{business: "Tenun Euis", kind: umkm.DocumentNIB, number: "9120001024680", ago: 40 * time.Minute, file: nibFile},
		}},
	}
}

// fields are whose document it is, and more.
func (d sampleDocument) fields(more ...[2]string) [][2]string {
	return append([][2]string{{"Nama Pelaku Usaha", strings.ToUpper(d.owner)}, {"Nama Usaha", d.business}}, more...)
}

func nibFile(d sampleDocument, _ string) sample.File {
	p := sample.NIBPaper()
	p.Head[len(p.Head)-1] = "NOMOR INDUK BERUSAHA: " + d.number
	p.Fields = d.fields()
	p.Link = "https://oss.go.id/contoh?nib=" + d.number
	return sample.File{Name: "NIB.pdf", Data: sample.PDF(p)}
}

func pirtFile(d sampleDocument, until string) sample.File {
	return sample.File{Name: "SPP-IRT.pdf", Data: sample.PDF(sample.Paper{
		Head:   []string{"SERTIFIKAT PEMENUHAN KOMITMEN", "PRODUKSI PANGAN OLAHAN INDUSTRI RUMAH TANGGA", "(SPP-IRT)"},
		Fields: d.fields([2]string{"Nomor P-IRT", d.number[:13] + "-" + d.number[13:]}, [2]string{"Berlaku sampai dengan", until}),
	})}
}

func letterFile(d sampleDocument, until string) sample.File {
	head := map[umkm.DocumentKind]string{umkm.DocumentSKU: "SURAT KETERANGAN USAHA", umkm.DocumentSLHS: "SERTIFIKAT LAIK HIGIENE SANITASI"}
	return sample.File{Name: "surat.pdf", Data: sample.PDF(sample.Paper{
		Head: []string{head[d.kind]}, Fields: d.fields([2]string{"Nomor", d.number}, [2]string{"Berlaku sampai dengan", until}),
	})}
}

func halalFile(sampleDocument, string) sample.File {
	return sample.File{Name: "Sertifikat-halal.pdf", Data: sample.Halal()}
}

func ktpFile(sampleDocument, string) sample.File {
	return sample.File{Name: "KTP.jpg", Data: sample.JPEG(sample.KTP())}
}

func smallPhoto(sampleDocument, string) sample.File {
	return sample.File{Name: "IMG_0007.jpg", Data: sample.JPEG(sample.Shrink(sample.Photo(), 5))}
}
