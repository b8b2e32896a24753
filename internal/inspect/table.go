package inspect

import (
	"bytes"
	"errors"
	"slices"

	"umkmbot/internal/numberlist"
	"umkmbot/internal/umkm"
)

// The kinds of tables that are taken where one is asked for.
const (
	mimeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mimeCSV  = "text/csv"
)

// tabular reports whether a file that is taken nowhere else may be a table.
func tabular(mime, refused string) bool {
	return slices.Contains([]string{Office, ZIP}, refused) ||
		slices.Contains([]string{"text/plain", mimeCSV, "text/tab-separated-values"}, mime)
}

// lookTable looks at a list of registration numbers.
func lookTable(data []byte) report {
	r := report{MIME: mimeCSV, Pages: 1}
	if bytes.HasPrefix(data, []byte("PK")) {
		r.MIME = mimeXLSX
	}
	switch numbers, err := numberlist.Read(bytes.NewReader(data)); {
	case errors.Is(err, umkm.ErrListLong):
		r.Refused = TableLong
	case err != nil:
		r.Refused = Table
	case len(numbers) == 0:
		r.Refused = TableEmpty
	}
	return r
}
