package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// feedbackOf shows what those who attended thought: the mean, how many gave
// how much, and the newest words without names.
func (t *turn) feedbackOf(ctx context.Context, id string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	f, err := t.bot.trainings.Feedback(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	lines := []string{t.say("training_desk.feedback.none", dialog.Args{"Title": tr.Title})}
	if f.Given() > 0 {
		mean := strings.Replace(strconv.FormatFloat(f.Average(), 'f', 1, 64), ".", t.label("training_desk.decimal.label", nil), 1)
		lines = []string{t.say("training_desk.feedback", dialog.Args{"Title": tr.Title, "Mean": mean, "Given": f.Given(), "Attended": tr.Seats.Attended})}
		for i, n := range slices.Backward(f.Ratings[:]) {
			lines = append(lines, t.say("training_desk.feedback.rating", dialog.Args{"Stars": strings.Repeat("⭐", i+1), "Count": n}))
		}
	}
	if len(f.Comments) > 0 {
		lines = append(lines, "", t.say("training_desk.feedback.comments", nil))
	}
	for _, c := range f.Comments {
		lines = append(lines, t.say("training_desk.feedback.comment", dialog.Args{"Rating": c.Rating, "Text": clip(c.Text, shownMessage)}))
	}
	k := &keys{}
	k.row(t.on("card", mtCard, id), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

// materialsOf lists what those who attended may have, under a word on what was
// done, "".
func (t *turn) materialsOf(ctx context.Context, id, done string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	all, err := t.bot.trainings.Materials(ctx, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	key := "training_desk.materials"
	if len(all) == 0 {
		key = "training_desk.materials.none"
	}
	lines := []string{t.say(key, dialog.Args{"Title": tr.Title})}
	k := &keys{}
	for i, m := range all {
		lines = append(lines, t.say("training_desk.material", dialog.Args{"Nth": i + 1, "Title": m.Title}))
		k.row(t.materialButton(m), button(t.label("training_desk.material.drop.button", dialog.Args{"Nth": i + 1}), trainingDeskData(mtMaterial, id, m.ID)))
	}
	if done != "" {
		lines = slices.Insert(lines, 0, done, "")
	}
	k.row(t.on("material.add", mtAdd, id))
	k.row(t.on("card", mtCard, id), t.commandButton("menu.button.menu", "menu"))
	t.put(card{text: strings.Join(lines, "\n"), markup: k.markup()}, true)
	return nil
}

// askDropMaterial asks before a material is taken away.
func (t *turn) askDropMaterial(ctx context.Context, id, material string) error {
	m, err := t.materialOf(ctx, id, lengthen(material))
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	k := &keys{}
	k.row(t.on("material.yes", mtDropped, id, m.ID), t.on("no", mtMaterials, id))
	t.put(card{text: t.say("training_desk.material.ask", dialog.Args{"Title": m.Title}), markup: k.markup()}, true)
	return nil
}

// materialOf finds a material of a training that the officer sees to.
func (t *turn) materialOf(ctx context.Context, training, material string) (umkm.Material, error) {
	if _, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, training); err != nil {
		return umkm.Material{}, err
	}
	all, err := t.bot.trainings.Materials(ctx, training)
	if err != nil {
		return umkm.Material{}, err
	}
	for _, m := range all {
		if m.ID == material {
			return m, nil
		}
	}
	return umkm.Material{}, umkm.ErrNoTraining
}

func (t *turn) dropMaterial(ctx context.Context, id, material string) error {
	if err := t.bot.trainings.RemoveMaterial(ctx, t.in.chat, lengthen(material), t.in.at); err != nil {
		return t.trainingRefused(ctx, err)
	}
	return t.materialsOf(ctx, id, t.say("training_desk.material.dropped", nil))
}

// addMaterial opens the form that adds one.
func (t *turn) addMaterial(ctx context.Context, id string) error {
	tr, err := t.bot.trainings.TrainingFor(ctx, t.in.chat, id)
	if err != nil {
		return t.trainingRefused(ctx, err)
	}
	return t.open(ctx, flows.MaterialFlow, dialog.Answers{}, tr.ID, eraseDraft)
}
