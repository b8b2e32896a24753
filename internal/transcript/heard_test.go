package transcript

import (
	"testing"
)

// Of a message that changes several times in a row the last counts; everything
// else is heard as it comes.
func TestTheLastOfManyChangesCounts(t *testing.T) {
	t.Parallel()
	edit := func(screen string, of int64, text string) said {
		return said{screen: screen, what: saidEdited, body: []string{text}, of: of}
	}
	var heard []said
	for _, s := range []said{
		edit("siti", 1, "10%"), edit("budi", 1, "another's"), edit("siti", 1, "50%"), edit("siti", 2, "other"), edit("siti", 1, "90%"),
		{screen: "siti", what: saidNew, body: []string{"new"}},
		edit("siti", 1, "91%"),
		{screen: "siti", what: saidBare, body: []string{"bare"}, of: 1},
	} {
		heard = heardAlso(heard, s)
	}
	var got []string
	for _, s := range heard {
		got = append(got, s.screen+" "+s.body[0])
	}
	want := []string{"siti 50%", "budi another's", "siti other", "siti 90%", "siti new", "siti 91%", "siti bare"}
	if len(got) != len(want) {
		t.Fatalf("heard %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("heard %q, want %q", got[i], want[i])
		}
	}
}
