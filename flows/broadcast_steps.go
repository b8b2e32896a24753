package flows

import (
	"encoding/json"
	"slices"
	"strings"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// attachment is a photo or a file that a text stands beneath, which Telegram
// lets be shorter then.
type attachment struct{ ask.Files }

// beneath reports whether the texts are short enough.
func beneath(a dialog.Answers) bool {
	return max(ask.LetterLength(a.Value("text")), ask.LetterLength(a.Value("text_en"))) <= longestCaption
}

// Ask says so where the text is too long, and leads back to it.
func (f attachment) Ask(earlier dialog.Answers, working string) dialog.Ask {
	a := f.Files.Ask(earlier, working)
	if !beneath(earlier) {
		a.Key, a.Args = BroadcastFlow+".file.long", dialog.Args{"Max": longestCaption}
		a.Options = []dialog.Option{{ID: dialog.Edit + "text", Text: dialog.Text{Key: ".instead"}, Apart: true}}
	}
	return a
}

// Parse refuses a file that the text does not go with.
func (f attachment) Parse(in dialog.Input, earlier dialog.Answers, working string) (dialog.Parsed, *dialog.Problem) {
	if in.Kind == dialog.InputFile && !beneath(earlier) {
		return dialog.Parsed{}, &dialog.Problem{Key: "caption", Args: dialog.Args{"Max": longestCaption}}
	}
	return f.Files.Parse(in, earlier, working)
}

// Holds asks again where the text has grown.
func (f attachment) Holds(value string, earlier dialog.Answers) bool {
	return f.Files.Holds(value, earlier) && beneath(earlier)
}

// Buttons that open something of which there are several.
const (
	buttonTraining  = "training"
	buttonProgramme = "programme"
	buttonLink      = "link"
)

// buttonCommands are the commands that a button may open.
var buttonCommands = []string{"register", "documents", "programmes", "trainings", "questions"}

// buttonSteps ask what stands beneath the text to be tapped.
func buttonSteps(programmes []umkm.Programme) []dialog.Step {
	var ids []string
	for _, p := range programmes {
		ids = append(ids, p.ID)
	}
	has := func(button string) func(dialog.Answers) bool {
		return func(a dialog.Answers) bool { return slices.Contains(strings.Split(a.Value("buttons"), ","), button) }
	}
	buttons := ask.Choices(append(slices.Clone(buttonCommands), buttonTraining, buttonProgramme, buttonLink)...).Most(umkm.MostButtons).
		Where(func(id string, a dialog.Answers) bool {
			return (id != buttonTraining || len(itemsIn(a, "trainings")) > 0) && (id != buttonProgramme || len(ids) > 0)
		})
	programme := ask.Choice(ids...).Columns(2).Labelled(func(id string) dialog.Text { return dialog.Text{Key: ProgrammeFlow(id) + ".title"} })
	return []dialog.Step{
		{ID: "buttons", Field: buttons, Optional: true},
		{ID: "button_training", Field: ask.OneItem(itemsOf("trainings")), When: has(buttonTraining)},
		{ID: "button_programme", Field: programme, When: has(buttonProgramme)},
		{ID: "link", Field: ask.Link(), When: has(buttonLink)},
		{ID: "link_label", Field: ask.Text(2, umkm.MaxButtonLabel), When: has(buttonLink)},
	}
}

// itemsOf are the items that the dialog was given under that name.
func itemsOf(name string) func(dialog.Answers) []ask.Item {
	return func(a dialog.Answers) []ask.Item { return itemsIn(a, name) }
}

func itemsIn(a dialog.Answers, name string) []ask.Item {
	var out []ask.Item
	if json.Unmarshal([]byte(a.Value(name)), &out) != nil {
		return nil
	}
	return out
}

// The ways to say who is meant.
const (
	audienceRegions  = "regions"
	audienceSaved    = "saved"
	audienceList     = "list"
	audienceTraining = "training"
	audienceSame     = "same" // as it was when the dialog was opened
)

// audienceSteps ask who is meant.
func audienceSteps(places ask.Places, programmes []umkm.Programme) []dialog.Step {
	audience := ask.Choice(audienceSame, audienceRegions, audienceSaved, audienceTraining, audienceList).
		Also(audienceRegions, "daerah", "wilayah", "semua").
		Also(audienceSaved, "sasaran tersimpan", "tersimpan").
		Also(audienceTraining, "peserta pelatihan", "pelatihan", "peserta").
		Also(audienceList, "daftar nomor", "daftar", "excel", "csv", "berkas").
		Where(func(id string, a dialog.Answers) bool {
			switch id {
			case audienceSame:
				return a.Value("who") != ""
			case audienceSaved:
				return len(itemsIn(a, "segments")) > 0
			case audienceTraining:
				return len(itemsIn(a, "trainings")) > 0
			}
			return true
		})
	steps := []dialog.Step{
		{ID: "audience", Field: audience},
		{ID: "saved", Field: ask.OneItem(itemsOf("segments")), When: ask.Is("audience", audienceSaved)},
		{ID: "of_training", Field: ask.OneItem(itemsOf("trainings")), When: ask.Is("audience", audienceTraining)},
		{ID: "list_file", Field: ask.File(ask.Table).Single(), When: ask.Is("audience", audienceList)},
	}
	byRegion := segmentSteps(places, programmes, "trained", "got", "registered", "seen")
	for i := range byRegion { // the others hang on its answer
		if byRegion[i].ID == "regions" || byRegion[i].ID == "narrow" {
			byRegion[i].When = ask.Is("audience", audienceRegions)
		}
	}
	return append(steps, byRegion...)
}
