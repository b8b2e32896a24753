package bot

import (
	"testing"

	"umkmbot/internal/umkm"
)

func TestNextStep(t *testing.T) {
	nib := func(s umkm.DocumentState) []umkm.Document {
		return []umkm.Document{{Kind: umkm.DocumentKTP, State: umkm.DocumentReturned}, {Kind: umkm.DocumentNIB, State: s}}
	}
	for _, c := range []struct {
		b         umkm.Business
		documents []umkm.Document
		want      string
	}{
		{umkm.Business{NIBState: "not_yet"}, nil, "status.next.nib"},
		{umkm.Business{NIBState: "process"}, nil, "status.next.nib_process"},
		{umkm.Business{NIBState: "yes"}, nil, "status.next.nib_number"},
		{umkm.Business{NIBState: "yes", NIB: "1234567890123"}, nil, "status.next.complete"},
		{umkm.Business{NIBState: "not_yet"}, nib(umkm.DocumentScanning), "status.next.nib_checked"},
		{umkm.Business{NIBState: "yes"}, nib(umkm.DocumentWaiting), "status.next.nib_checked"},
		{umkm.Business{NIBState: "process"}, nib(umkm.DocumentReturned), "status.next.nib_again"},
		{umkm.Business{NIBState: "process"}, nib(umkm.DocumentRejected), "status.next.nib_again"},
		{umkm.Business{NIBState: "not_yet"}, nib(umkm.DocumentApproved), "status.next.programmes"},
	} {
		if got := nextStep(c.b, c.documents); got != c.want {
			t.Errorf("%+v with %+v: %s, want %s", c.b, c.documents, got, c.want)
		}
	}
}
