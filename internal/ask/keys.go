package ask

// ProblemKeys lists the keys of every problem of this package, with the names
// of its arguments. The words are under "problem.<key>".
var ProblemKeys = map[string][]string{
	"kind":                nil, // a sticker, a voice message
	"file_not_wanted":     nil,
	"location_not_wanted": nil,
	"contact_not_wanted":  nil,
	"empty":               nil,
	"too_long_answer":     nil, // far longer than any answer
	"too_long":            {"Max", "Count"},
	"too_short":           {"Min"},
	"no_letters":          nil, // digits or signs only
	"not_a_name":          nil, // "ya" where a name is asked
	"choose":              nil, // none of the options
	"needs_yes":           nil, // no, where only yes leads on
	"pick_one":            nil, // yes to several guesses
	"phone":               nil,
	"phone_no_digits":     nil,
	"phone_too_short":     {"Count"},
	"phone_too_long":      {"Count"},
	"nik_no_digits":       nil,
	"nik_letters":         nil,
	"nik_length":          {"Count"},
	"nik_birth":           nil,
	"nik_serial":          nil,
	"nik_region":          nil,
	"place_outside":       nil,
	"place_unknown":       {"Text"},
	"amount":              nil,
	"amount_vague":        nil,
	"amount_too_big":      nil,
}

// ValueKeys lists the keys that Show uses, with their arguments.
var ValueKeys = map[string][]string{
	"value.per_day":   {"Amount"},
	"value.per_week":  {"Amount"},
	"value.per_month": {"Amount"},
	"value.per_year":  {"Amount"},
}

// MessageKeys lists the keys asked with and those of options, with their
// arguments.
var MessageKeys = map[string][]string{
	"ask.nik.unknown_region": {"NIK"},
	"ask.nik.use":            nil,
	"ask.place.regency":      nil,
	"ask.place.district":     {"Regency"},
	"ask.place.village":      {"District", "Regency"},
	"ask.place.which":        nil,
	"ask.next":               nil,
	"ask.previous":           nil,
	"ask.up":                 nil,
}
