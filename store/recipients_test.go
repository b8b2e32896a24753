package store

import (
	"fmt"
	"testing"

	"umkmbot/internal/umkm"
)

func TestRecipients(t *testing.T) {
	o := openOffice(t)
	business := o.business(1, ciruas)
	o.business(2, ciruas)
	o.business(3, ciruas)
	owner := "SELECT owner FROM businesses WHERE id = '" + business + "'"
	o.exec("INSERT INTO account_owners (account, owner, created_at) SELECT 2, owner, $1 FROM ("+owner+") o", noon)
	o.exec("INSERT INTO account_owners (account, owner, created_at) SELECT 3, owner, $1 FROM ("+owner+") o", noon)
	if err := o.SetLanguage(t.Context(), 2, "en"); err != nil {
		t.Fatal(err)
	}
	if err := o.MarkUnreachable(t.Context(), 3, noon); err != nil {
		t.Fatal(err)
	}
	got := must(o.Recipients(t.Context(), business))
	if fmt.Sprint(got) != fmt.Sprint([]umkm.Recipient{{Chat: 1, Language: "id"}, {Chat: 2, Language: "en"}}) {
		t.Errorf("the recipients are %v", got)
	}
	if got := must(o.Recipients(t.Context(), "00000000-0000-7000-8000-000000000000")); len(got) != 0 {
		t.Errorf("of no business: %v", got)
	}
	if _, err := o.Recipients(t.Context(), "x"); err == nil {
		t.Error("a business that cannot be one: no error")
	}
}
