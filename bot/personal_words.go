package bot

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"umkmbot/internal/dialog"
	"umkmbot/internal/personalcopy"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// copyWords are a copy's, in the person's language.
func (v voice) copyWords(c umkm.PersonalCopy) personalcopy.Words {
	return personalcopy.Words{
		Title: v.label("personal.copy.title", nil),
		About: v.label("personal.copy.about", dialog.Args{"Name": v.called(subject{owner: c.Owner, name: c.Name}), "At": v.dayTime(c.At)}),
		Files: v.label("personal.copy.files", nil), Page: v.label("personal.copy.page", nil),
		Section: func(id string) string { return v.label("personal.section."+id, nil) },
		Field:   func(id string) string { return v.label("personal.field."+id, nil) },
		Value:   v.copyValue,
	}
}

// copyValue says a value as people read it.
func (v voice) copyValue(field string, value any) string {
	switch x := value.(type) {
	case time.Time:
		return v.dayTime(x)
	case bool:
		return v.label("personal.value."+strconv.FormatBool(x), nil)
	case []string:
		said := make([]string, len(x))
		for i, one := range x {
			said[i] = v.copyWord(field, one)
		}
		return strings.Join(said, ", ")
	case string:
		return v.copyWord(field, x)
	case int64:
		if field == "turnover" {
			return umkm.Rupiah(x)
		}
	}
	return fmt.Sprint(value)
}

// valueWords are where words for the values of a field are found, beside those
// of the copy itself.
var valueWords = map[string]string{
	"sector": "register.sector.", "channels": "register.channels.", "nib_state": "register.has_nib.", "role": "staff.role.",
	"kind": "value.document.", "topic": "value.document.",
}

// copyWord says a word of the program's own, as a state or a place's code, in
// those of people; anything else stays as it is.
func (v voice) copyWord(field, s string) string {
	for _, key := range []string{"personal.value." + field + "." + s, valueWords[field] + s} {
		if v.bot.words.Has(key) {
			return v.plain(dialog.Text{Key: key})
		}
	}
	switch field {
	case "purpose":
		return v.purpose(s)
	case "programme", "topic":
		return v.programmeName(s)
	case "reasons":
		if words, ok := v.reasonWords("content.reason." + s); ok {
			return words
		}
	case "regions":
		return v.region(umkm.RegionCode(s))
	case "phone":
		return umkm.Phone(s).Local()
	case "until":
		if day, err := time.ParseInLocation(time.DateOnly, s, v.bot.zone); err == nil {
			return v.date(day)
		}
	case "who":
		return v.label("personal.access.who."+s, nil)
	case "action":
		return v.accessed(umkm.PersonalAccess{Action: s})
	case "form":
		if v.bot.words.Has(s + ".name") {
			return v.label(s+".name", nil)
		}
	case "draft", "before", "after", "answers", "found":
		return v.copyAnswer(field, s)
	}
	if code := umkm.RegionCode(s); strings.HasPrefix(s, string(umkm.Province)+".") {
		if _, ok := regions.Banten().Find(code); ok {
			return regions.Banten().Path(code)
		}
	}
	return s
}

// copyAnswer says a line of "name: value" with the name and value as people know
// them, where they do. A number found in a file is the document's.
func (v voice) copyAnswer(field, line string) string {
	name, value, ok := strings.Cut(line, ": ")
	if !ok {
		return line
	}
	if field == "found" && name == "number" {
		name = "document_number"
	}
	for _, key := range []string{"personal.field." + name, "register." + name + ".label"} {
		if v.bot.words.Has(key) {
			return v.label(key, nil) + ": " + v.copyWord(name, value)
		}
	}
	return line
}
