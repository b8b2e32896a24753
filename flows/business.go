package flows

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// channels are kept with the records: an id is never reused.
var (
	sectors  = umkm.Sectors()
	channels = []string{"shop", "market", "consign", "whatsapp", "social", "marketplace", "delivery", "other"}
)

// purposeIDs are what an owner may agree to beside the registration itself,
// each free to refuse. The suffix is the version of the text agreed to; a new
// text is a new option, so that it is asked for anew.
var purposeIDs = []string{"turnover_" + umkm.TurnoverVersion, "programmes_" + umkm.ProgrammesVersion, "messages_" + umkm.MessagesVersion}

// sector understands what people call their line of business.
func sector() ask.OneOf {
	return ask.Choice(sectors...).Columns(2).
		Also("food", "makanan", "minuman", "jual makanan", "kuliner", "makan minum", "warung makan", "katering", "kue", "food").
		Also("fashion", "baju", "pakaian", "jahit", "konveksi", "fashion", "fesyen", "busana").
		Also("craft", "kerajinan", "anyaman", "batik", "tenun", "handicraft", "kriya").
		Also("trade", "warung", "toko", "dagang", "kelontong", "sembako", "jualan", "pulsa", "trade").
		Also("service", "jasa", "bengkel", "laundry", "salon", "servis", "service").
		Also("farm", "tani", "petani", "ternak", "ikan", "kebun", "nelayan", "pertanian", "farm").
		Also("other", "lain", "lain lain", "lainnya", "other")
}

// channel understands the places people name.
func channel() dialog.Field {
	return ask.Choices(channels...).Columns(2).
		Also("shop", "warung", "toko", "rumah", "di rumah", "kios", "warung sendiri", "toko sendiri").
		Also("market", "pasar", "bazar", "bazaar", "cfd").
		Also("consign", "titip", "nitip", "konsinyasi").
		Also("whatsapp", "wa", "whatsap", "watsap").
		Also("social", "medsos", "sosmed", "ig", "instagram", "fb", "facebook", "tiktok", "media sosial").
		Also("marketplace", "shopee", "sopi", "tokopedia", "tokped", "lazada", "online", "daring", "marketplace").
		Also("delivery", "gofood", "go food", "grab", "grabfood", "shopeefood", "pesan antar", "ojol")
}

// hasNIB understands how people say where their NIB stands.
func hasNIB() dialog.Field {
	return ask.Choice("yes", "process", "not_yet").
		Also("yes", "sudah", "sudah ada", "ada", "punya", "sudah punya", "udah punya", "udah ada").
		Also("process", "proses", "masih proses", "lagi proses", "lagi diurus", "sedang diurus", "diurus", "in process").
		Also("not_yet", "tidak", "tidak punya", "gak punya", "ga punya", "tidak ada", "belum", "blm", "belum ada", "no")
}

func purposes() dialog.Field { return ask.Choices(purposeIDs...) }

// agreed shows a step only to those who agreed to its purpose.
func agreed(purpose string) func(dialog.Answers) bool {
	return func(earlier dialog.Answers) bool {
		return slices.Contains(strings.Split(earlier.Value("purposes"), ","), purpose)
	}
}

// recordsTurnover shows a step only to those who agreed that it is recorded.
var recordsTurnover = agreed("turnover_" + umkm.TurnoverVersion)

// purposesOf is the answer that consents given earlier stand for; ok is false
// when a purpose, or a new text of one, was never asked.
func purposesOf(consents []umkm.Consent) (a dialog.Answer, ok bool) {
	var granted []string
	for _, id := range purposeIDs {
		i := slices.IndexFunc(consents, func(c umkm.Consent) bool { return c.Purpose+"_"+c.Version == id })
		if i < 0 {
			return dialog.Answer{}, false
		}
		if consents[i].Granted {
			granted = append(granted, id)
		}
	}
	if len(granted) == 0 {
		return dialog.Answer{Skipped: true}, true
	}
	return dialog.Answer{Value: strings.Join(granted, ",")}, true
}

// consentsFrom says yes or no to every purpose: a refusal is recorded as well.
func consentsFrom(a dialog.Answers) []umkm.Consent {
	_, version, _ := strings.Cut(a.Value("consent"), "_")
	out := []umkm.Consent{{Purpose: "registration", Version: version, Granted: true}}
	granted := strings.Split(a.Value("purposes"), ",")
	for _, id := range purposeIDs {
		purpose, version, _ := strings.Cut(id, "_")
		out = append(out, umkm.Consent{Purpose: purpose, Version: version, Granted: slices.Contains(granted, id)})
	}
	return out
}

func registrationFrom(d dialog.Dialog) (umkm.Registration, error) {
	b, err := businessFrom(d.Answers)
	if err != nil {
		return umkm.Registration{}, err
	}
	return umkm.Registration{
		Dialog: d.ID, Account: d.Chat, Language: d.Language, At: d.Touched, Business: b,
		Owner: umkm.Owner{
			Name: d.Answers.Value("owner_name"), NIK: umkm.NIK(d.Answers.Value("nik")),
			Phone: umkm.Phone(d.Answers.Value("phone")), Consents: consentsFrom(d.Answers),
		},
	}, nil
}

func businessFrom(a dialog.Answers) (umkm.Business, error) {
	b := umkm.Business{
		Name: a.Value("business_name"), Sector: a.Value("sector"), Product: a.Value("product"),
		Village: umkm.RegionCode(a.Value("place")), Address: a.Value("address"),
		NIBState: a.Value("has_nib"), NIB: umkm.NIB(a.Value("nib")), Community: a.Value("community"),
	}
	if told := a.Value("channels"); told != "" {
		b.Channels = strings.Split(told, ",")
	}
	var err error
	if told := a.Value("since"); told != "" {
		if b.Since, err = umkm.ParseSince(told); err != nil {
			return b, fmt.Errorf("since: %w", err)
		}
	}
	if told := a.Value("workers"); told != "" {
		n, err := strconv.Atoi(told)
		if err != nil {
			return b, fmt.Errorf("workers: %w", err)
		}
		b.Workers = &n
	}
	if told := a.Value("turnover"); told != "" {
		t, err := umkm.ParseTurnover(told)
		if err != nil {
			return b, fmt.Errorf("turnover: %w", err)
		}
		b.Turnover = &t
	}
	return b, nil
}
