package ask

// ProblemKeys lists the keys of every problem of this package, with the names
// of its arguments. The words are under "problem.<key>".
var ProblemKeys = map[string][]string{
	"kind":                  nil, // a sticker, a voice message
	"file_not_wanted":       nil,
	"location_not_wanted":   nil,
	"contact_not_wanted":    nil,
	"empty":                 nil,
	"too_long_answer":       nil, // far longer than any answer
	"too_long":              {"Max", "Count"},
	"too_short":             {"Min"},
	"no_letters":            nil, // digits or signs only
	"not_a_name":            nil, // "ya" where a name is asked
	"name_digits":           nil, // a NIK or a phone number beside a name
	"choose":                nil, // none of the options
	"needs_yes":             nil, // no, where only yes leads on
	"pick_one":              nil, // yes to several guesses
	"phone":                 nil,
	"phone_no_digits":       nil,
	"phone_too_short":       {"Count"},
	"phone_too_long":        {"Count"},
	"nik_no_digits":         nil,
	"nik_letters":           nil,
	"nik_length":            {"Count"},
	"nik_birth":             nil,
	"nik_serial":            nil,
	"nik_region":            nil,
	"place_outside":         nil,
	"place_unknown":         {"Text"},
	"regions_which":         {"Text"},
	"regions_not_yours":     {"Text"},
	"clock":                 nil,
	"pin":                   nil,
	"pin_link":              nil, // a map's link without the numbers in it
	"pin_outside":           nil, // of Indonesia
	"link":                  nil,
	"link_http":             nil,
	"caps":                  nil,
	"caps_unknown":          {"Text"}, // no kecamatan of the regions
	"caps_which":            {"Text"},
	"caps_sector":           {"Text"},
	"choose_some":           nil, // no option of several
	"choose_fewer":          {"Max", "Count"},
	"placeholder":           {"Text"}, // there is none such
	"placeholder_open":      {"Text"}, // a brace that does not close
	"count":                 nil,
	"count_low":             {"Min"},
	"count_high":            {"Max"},
	"digits_none":           {"Digits"},
	"digits_letters":        {"Digits"},
	"digits_length":         {"Digits", "Count"},
	"digits_same":           {"Digits"}, // one digit over and over
	"date":                  nil,
	"date_day":              nil, // no day, only a month or year
	"date_impossible":       nil,
	"date_future":           nil,
	"date_past":             nil,
	"month":                 nil,
	"list_too_many":         {"Max", "Count"},
	"file_wanted":           nil, // text where a file is asked
	"file_or_done":          nil, // text after some files
	"file_or_keep":          nil, // text where files were settled before
	"file_link":             nil,
	"file_empty":            nil,
	"file_too_big":          {"Max"}, // megabytes
	"file_too_many":         {"Max"},
	"file_not_pdf":          nil,
	"file_not_image":        nil,
	"file_not_pdf_or_image": nil,
	"file_again_or_use":     nil, // neither, where a file is in doubt
	"file_pdf_encrypted":    nil,
	"file_pdf_broken":       nil,
	"file_pdf_scripted":     nil,
	"file_pdf_empty":        nil,
	"file_pdf_many_pages":   {"Max"},
	"file_gif":              nil,
	"file_zip":              nil,
	"file_program":          nil,
	"file_heic":             nil,
	"file_svg":              nil,
	"file_office":           nil,
	"file_video":            nil,
	"file_text":             nil,
	"file_picture_broken":   nil,
	"file_picture_huge":     nil,
	"file_too_complex":      nil,
	"file_broken":           nil, // the look at it broke
	"file_virus":            nil,
	"file_gone":             nil, // Telegram or the store has it no more
	"file_unknown":          nil,
	"file_not_table":        nil,
	"file_table":            nil, // no table that can be read
	"file_table_empty":      nil,
	"file_table_long":       {"Max"},
	"number_retype":         nil, // no to the number that was found
	"number_no_digits":      {"Kind"},
	"number_letters":        {"Kind"},
	"number_length":         {"Kind", "Count"},
	"number_prefix":         {"Kind"},
	"number_nik":            {"Kind"},
	"number_fatwa":          {"Kind"},
	"number_short":          {"Kind"},
	"number_long":           {"Kind", "Count"},
	"amount":                nil,
	"amount_vague":          nil,
	"amount_too_big":        nil,
	"amount_low":            {"Min"},
	"amount_high":           {"Max"},
}

// ValueKeys lists the keys that Show uses, with their arguments.
var ValueKeys = map[string][]string{
	"value.list":       {"First", "Rest"},
	"value.files":      {"Count"},
	"value.date":       {"Weekday", "Day", "Month", "Year"},
	"value.month_year": {"Month", "Year"},
	"value.province":   nil,
	"value.clock":      {"Time"},
	"value.pin":        {"Point", "Near"},
	"value.pin_far":    {"Point"},
	"value.cap":        {"Name", "Count"},
	"value.cap_each":   {"Count"},
	"value.cap_others": {"Count"},
	"value.month.1":    nil, "value.month.2": nil, "value.month.3": nil, "value.month.4": nil, "value.month.5": nil, "value.month.6": nil,
	"value.month.7": nil, "value.month.8": nil, "value.month.9": nil, "value.month.10": nil, "value.month.11": nil, "value.month.12": nil,
	"value.weekday.1": nil, "value.weekday.2": nil, "value.weekday.3": nil, "value.weekday.4": nil, "value.weekday.5": nil, "value.weekday.6": nil, "value.weekday.7": nil,
	"value.per_day":    {"Amount"},
	"value.per_week":   {"Amount"},
	"value.per_month":  {"Amount"},
	"value.echo_day":   {"Amount", "Monthly", "Yearly"},
	"value.echo_week":  {"Amount", "Monthly", "Yearly"},
	"value.echo_month": {"Amount", "Monthly", "Yearly"},
	"value.echo_year":  {"Amount", "Monthly", "Yearly"},
	"value.per_year":   {"Amount"},

	"value.document.nib": nil, "value.document.npwp": nil, "value.document.ktp": nil, "value.document.pirt": nil,
	"value.document.halal": nil, "value.document.bpom": nil, "value.document.slhs": nil, "value.document.trademark": nil,
	"value.document.sole_company": nil, "value.document.sku": nil, "value.document.other": nil,
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
	"ask.regions.some":       {"Regions"},
	"ask.regions.district":   {"Regency"},
	"ask.regions.whole":      {"Region"},
	"ask.regions.which":      nil,
	"ask.regions.mine":       nil,
	"ask.caps.some":          {"Caps"},
	"ask.caps.district":      nil,
	"ask.caps.sector":        nil,
	"ask.ticked":             {"Option"},
	"ask.done":               nil,
	"ask.file.more":          {"Count"},
	"ask.file.undo":          nil,
	"ask.file.swap":          nil,
	"ask.file.add":           nil,
	"ask.file.old":           {"Count"},
	"ask.file.order":         {"Number"},
	"ask.file.named":         {"Number", "Name"},
	"ask.file.nth":           {"Number"},
	"ask.file.again":         nil,
	"ask.file.use":           nil,
	"ask.file.drop":          nil,
	"ask.file.use_same":      nil,

	"ask.file.doubt.dark":        {"Number"},
	"ask.file.doubt.blurred":     {"Number"},
	"ask.file.doubt.small":       {"Number"},
	"ask.file.doubt.small_photo": {"Number"},
	"ask.file.doubt.same":        {"Number"},
	"ask.file.doubt.seen":        {"Number", "Kind"},

	"ask.number":                   {"Kind"},
	"ask.number.found":             {"Kind", "Number"},
	"ask.number.yes":               {"Number"},
	"ask.number.use":               nil,
	"ask.number.again":             nil,
	"ask.number.doubt.recorded":    {"Kind", "Number", "Recorded"},
	"ask.number.doubt.nik":         {"Kind", "Number", "Recorded"},
	"ask.number.doubt.tax_nik":     {"Kind", "Number", "Recorded"},
	"ask.number.doubt.checksum":    {"Kind", "Number"},
	"ask.number.doubt.shape":       {"Kind", "Number"},
	"ask.number.doubt.application": {"Kind", "Number"},
	"ask.until.yes":                {"Date"},
	"ask.next":                     nil,
	"ask.previous":                 nil,
	"ask.up":                       nil,
	"ask.list.more":                {"Count", "Max", "Last"},
	"ask.list.undo":                nil,
}
