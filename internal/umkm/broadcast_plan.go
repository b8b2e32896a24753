package umkm

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Bounds of a broadcast's plan.
const (
	MaxBroadcastText    = 4096 // UTF-16 units, as Telegram counts
	MaxBroadcastCaption = 1024 // of a text beneath a file
	MaxButtonLabel      = 40   // characters
	MaxButtonRef        = 500
)

// Tidy is the plan as it is kept: the province where no region is named, texts
// that say nothing left out, the time to the second.
func (p BroadcastPlan) Tidy() BroadcastPlan {
	texts := make(map[string]string, len(p.Texts))
	for language, text := range p.Texts {
		if text = strings.TrimSpace(text); text != "" {
			texts[language] = text
		}
	}
	p.Texts = texts
	if len(p.Who.Regions) == 0 || slices.Contains(p.Who.Regions, Province) {
		p.Who.Regions = []RegionCode{Province}
	}
	p.Picture = p.Picture && p.File != ""
	p.At = p.At.Truncate(time.Second)
	return p
}

// Check says what is wrong with a tidy plan: ErrPlan. Whether what its buttons
// open is there is another matter.
func (p BroadcastPlan) Check() error {
	if err := p.CheckTexts(); err != nil {
		return err
	}
	if len(p.Buttons) > MostButtons {
		return badPlan("buttons")
	}
	for _, b := range p.Buttons {
		if !b.fits() {
			return badPlan("button")
		}
	}
	for _, r := range p.Who.Regions {
		if !regionCode.MatchString(string(r)) {
			return badPlan("region")
		}
	}
	return nil
}

// CheckTexts is Check of the texts alone.
func (p BroadcastPlan) CheckTexts() error {
	if p.Texts["id"] == "" {
		return badPlan("no Indonesian text")
	}
	most := MaxBroadcastText
	if p.File != "" {
		most = MaxBroadcastCaption
	}
	for language, text := range p.Texts {
		if len(language) < 2 || len(language) > 3 || !utf8.ValidString(text) || len(utf16.Encode([]rune(text))) > most {
			return badPlan("text")
		}
		if _, err := ReadPlaceholders(text); err != nil {
			return badPlan("placeholder")
		}
	}
	return nil
}

func (b BroadcastButton) fits() bool {
	if utf8.RuneCountInString(b.Label) > MaxButtonLabel || utf8.RuneCountInString(b.Ref) > MaxButtonRef || b.Ref == "" {
		return false
	}
	switch b.Opens {
	case ButtonCommand, ButtonTraining, ButtonProgramme:
		return true
	case ButtonLink:
		u, err := url.Parse(b.Ref)
		return err == nil && u.Scheme == "https" && u.Host != "" && b.Label != ""
	default:
		return false
	}
}
