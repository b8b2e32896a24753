package flows_test

import (
	"reflect"
	"slices"
	"testing"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

func TestFeedback(t *testing.T) {
	t.Parallel()
	r := &trainings{}
	for _, inputs := range [][]string{{"[5]", "Bagus, terima kasih"}, {"3", "[!skip]"}, {"mantap", "[!skip]"}} {
		if _, result := plays(t, flowOf(r, flows.FeedbackFlow), nil, inputs...); result.Outcome.Key != "done" {
			t.Errorf("%v: %+v", inputs, result)
		}
	}
	if !slices.Equal(r.rated, []int{5, 3, 5}) || r.feedback[0] != "Bagus, terima kasih" || r.feedback[1] != "" {
		t.Errorf("%v %q", r.rated, r.feedback)
	}
	if _, result := plays(t, flowOf(&trainings{err: umkm.ErrNoSeat}, flows.FeedbackFlow), nil, "1", "[!skip]"); result.Outcome.Key != "gone" {
		t.Errorf("%+v", result)
	}
}

func TestMaterial(t *testing.T) {
	t.Parallel()
	r := &trainings{}
	_, result := plays(t, flowOf(r, flows.MaterialFlow), nil, "Slide hari pertama", "tautan", "https://youtu.be/a")
	if result.Outcome.Key != "done" || r.material[0] != (umkm.Material{Title: "Slide hari pertama", Link: "https://youtu.be/a"}) {
		t.Errorf("%+v %+v", result, r.material)
	}
	f := flowOf(r, flows.MaterialFlow)
	d := dialog.New(f, "d")
	d.Answers, d.Subject, d.Chat = dialog.Answers{"title": {Value: "Slide"}, "what": {Value: "file"}}, "case", 7
	_, result, err := dialog.NewFlows(f).Apply(t.Context(), d, dialog.Input{Kind: dialog.InputFile, File: file("f")})
	if err != nil || result.Outcome.Key != "done" || r.material[1] != (umkm.Material{Title: "Slide", File: "f"}) {
		t.Errorf("%+v %+v, %v", result, r.material, err)
	}
	for refused, want := range map[error]dialog.Outcome{
		umkm.ErrFileGone: dialog.Redo("file", "file_gone", nil), umkm.ErrForbidden: dialog.Done("forbidden", nil), umkm.ErrNoTraining: dialog.Done("gone", nil),
	} {
		got, err := flowOf(&trainings{err: refused}, flows.MaterialFlow).Finish(t.Context(), d)
		if err != nil || got.Key != want.Key || got.Step != want.Step {
			t.Errorf("%v: %+v, %v", refused, got, err)
		}
	}
}

func TestAttend(t *testing.T) {
	t.Parallel()
	photo := func(code string) dialog.Input {
		f := file("f")
		f.Facts = map[string]string{flows.FactCode: code}
		return dialog.Input{Kind: dialog.InputFile, File: f}
	}
	link := "https://t.me/umkm_bot?start=h_0199f3a2"
	for name, c := range map[string]struct {
		in      dialog.Input
		args    dialog.Args
		problem string
	}{
		"a name":              {dialog.Input{Text: " siti  aminah "}, dialog.Args{"Words": "siti aminah"}, ""},
		"a business's number": {dialog.Input{Text: "360405-000001"}, dialog.Args{"Words": "360405-000001"}, ""},
		"a name with a mark":  {dialog.Input{Text: "Siti: warung"}, dialog.Args{"Words": "Siti: warung"}, ""},
		"a link":              {dialog.Input{Text: link}, dialog.Args{"Code": link}, ""},
		"a photo of a code":   {photo(link), dialog.Args{"Code": link}, ""},
		"a photo of nothing":  {photo(""), nil, "no_code"},
		"a video":             {dialog.Input{Kind: dialog.InputFile, File: dialog.File{Refused: "file_video"}}, nil, "file_video"},
		"a sticker":           {dialog.Input{Kind: dialog.InputOther}, nil, "who"},
		"nothing":             {dialog.Input{Text: " "}, nil, "who"},
		"an emoji":            {dialog.Input{Text: "😀😀"}, nil, "who"},
		"a NIK":               {dialog.Input{Text: "3604055203850001"}, nil, "personal"},
	} {
		f := flowOf(nil, flows.AttendFlow)
		d := dialog.New(f, "d")
		d.Answers = dialog.Answers{"title": {Value: "Kemasan"}}
		_, result, err := dialog.NewFlows(f).Apply(t.Context(), d, c.in)
		problem := ""
		if result.Problem != nil {
			problem = result.Problem.Key
		}
		if err != nil || problem != c.problem || problem == "" && (result.Outcome.Key != "who" || !reflect.DeepEqual(result.Outcome.Args, c.args)) {
			t.Errorf("%s: %+v, %v", name, result, err)
		}
		if q, _ := dialog.QuestionOf(f, d); q.Args["Title"] != "Kemasan" {
			t.Errorf("asks with %+v", q.Args)
		}
	}
}
