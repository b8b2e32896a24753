package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"umkmbot/internal/ask"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// Tickets take what people want to tell the office.
type Tickets interface {
	// TicketsOf lists the newest that an account has opened.
	TicketsOf(ctx context.Context, account int64) ([]umkm.Ticket, error)
	// OpenTicket is idempotent by the dialog's id. umkm.ErrFileGone: the file
	// cannot be used any more.
	OpenTicket(context.Context, umkm.NewTicket) (umkm.Receipt, error)
	// Say adds to what is said about a case, once a key. umkm.ErrFileGone,
	// umkm.ErrClosed.
	Say(context.Context, umkm.Saying) (message string, err error)
}

// TicketFlow names the conversation that opens a ticket, TalkFlow the one in
// which people talk with the office.
const (
	TicketFlow = "ticket"
	TalkFlow   = "talk"
)

// elsewhere is the answer of who lives outside of Banten.
const elsewhere = "outside"

// Ticket asks what somebody wants of the office, and of who is not registered
// what is needed to answer them. What is given is in TicketAnswers; days is how
// many working days an answer usually takes, due by when that is.
func Ticket(tickets Tickets, days int, due func(from time.Time, days int) time.Time) dialog.Flow {
	stranger := func(a dialog.Answers) bool { return a.Value("business") == "" }
	return dialog.Flow{
		Name: TicketFlow, Rev: 1,
		Steps: []dialog.Step{
			{ID: "business", Given: true},
			{ID: "village", Given: true},
			{ID: "context", Given: true},
			{ID: "topic", Field: ticketTopic()},
			{ID: "consent", Field: ask.Choice("agree"), When: stranger},
			{ID: "name", Field: ask.Name(2, 60), When: stranger},
			{ID: "regency", Field: ticketRegency(), When: stranger},
			{ID: "message", Field: spokenField{}},
		},
		Finish: func(ctx context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			id, err := openTicket(ctx, tickets, d, due(d.Touched, days))
			switch {
			case errors.Is(err, umkm.ErrFileGone):
				return dialog.Redo("message", "file_gone", nil), nil
			case errors.Is(err, umkm.ErrNotYours):
				return dialog.Done("gone", nil), nil
			case err != nil:
				return dialog.Outcome{}, fmt.Errorf("open ticket: %w", err)
			}
			return dialog.Done("done."+d.Answers.Value("topic"), dialog.Args{"Case": id, "Days": days}), nil
		},
	}
}

// TicketAnswers are the answers with which a ticket's dialog opens. Without a
// topic it is asked for; without a business, who is asking.
func TicketAnswers(topic umkm.TicketTopic, business string, village umkm.RegionCode, about string) dialog.Answers {
	out := dialog.Answers{}
	for step, value := range map[string]string{
		"topic": string(topic), "business": business, "village": string(village), "context": about,
	} {
		if value != "" {
			out[step] = dialog.Answer{Value: value}
		}
	}
	return out
}

func ticketTopic() dialog.Field {
	return ask.Choice(string(umkm.TicketHelp), string(umkm.TicketComplaint)).Named("ticket.about.").
		Also(string(umkm.TicketHelp), "tanya", "bantuan", "minta bantuan", "bertanya", "nanya").
		Also(string(umkm.TicketComplaint), "pengaduan", "komplain", "keluhan", "lapor", "aduan", "mengadu")
}

// ticketRegency asks for one of Banten's eight, or that it is none.
func ticketRegency() dialog.Field {
	return ask.Choice("36.01", "36.02", "36.03", "36.04", "36.71", "36.72", "36.73", "36.74", elsewhere).Columns(2).
		Also("36.01", "pandeglang").Also("36.02", "lebak", "rangkasbitung").
		Also("36.03", "kabupaten tangerang", "kab tangerang", "tigaraksa").Also("36.04", "kabupaten serang", "kab serang").
		Also("36.71", "kota tangerang").Also("36.72", "cilegon", "kota cilegon").
		Also("36.73", "kota serang").Also("36.74", "tangsel", "tangerang selatan", "kota tangerang selatan", "ciputat", "bsd").
		Also(elsewhere, "luar", "luar banten", "bukan banten")
}

func openTicket(ctx context.Context, tickets Tickets, d dialog.Dialog, due time.Time) (id string, err error) {
	a := d.Answers
	n := umkm.NewTicket{
		Dialog: d.ID, Account: d.Chat, Language: d.Language, Name: a.Value("name"), Topic: umkm.TicketTopic(a.Value("topic")),
		Business: a.Value("business"), Village: umkm.RegionCode(a.Value("village")), Context: a.Value("context"),
		Due: due, At: d.Touched,
	}
	if n.Business == "" {
		n.Consents = []umkm.Consent{umkm.TicketConsent}
		n.Village = umkm.RegionCode(a.Value("regency"))
		if n.Village == elsewhere {
			n.Village = umkm.Province
		}
	}
	parts := readSpoken(a.Value("message"))
	if len(parts) > 0 {
		n.Text, n.File = parts[0].Text, parts[0].File
	}
	id, err = ticketFor(ctx, tickets, n)
	for i := 1; i < len(parts) && err == nil; i++ {
		_, err = tickets.Say(ctx, umkm.Saying{
			Key: d.ID + ":" + strconv.Itoa(i), Account: d.Chat, Case: id, Text: parts[i].Text, File: parts[i].File, Due: n.Due, At: d.Touched,
		})
	}
	return id, err
}

// ticketFor opens a ticket, or goes on in the one of its topic that the person
// has open: one is enough. After a crash that is the one just opened, which
// knows the first message by its key.
func ticketFor(ctx context.Context, tickets Tickets, n umkm.NewTicket) (id string, err error) {
	all, err := tickets.TicketsOf(ctx, n.Account)
	if err != nil {
		return "", err
	}
	for _, one := range all {
		if one.Open && one.Topic == n.Topic {
			_, err := tickets.Say(ctx, umkm.Saying{
				Key: n.Dialog, Account: n.Account, Case: one.ID, Text: n.Text, File: n.File, Due: n.Due, At: n.At,
			})
			return one.ID, err
		}
	}
	receipt, err := tickets.OpenTicket(ctx, n)
	return receipt.Document, err
}

// Talk is a conversation with the office about a case, the dialog's subject.
// Nothing said in it is an answer: the channel passes it on. The flow is there
// to be opened, to wait aside, and to be left.
func Talk() dialog.Flow {
	return dialog.Flow{
		Name: TalkFlow, Rev: 1,
		Steps: []dialog.Step{
			{ID: "staff", Given: true}, // "yes": it is the office that talks
			{ID: "about", Given: true}, // what the case is called
			{ID: "count", Given: true}, // how much has been said since it was opened
			{ID: "say", Field: talking{}},
		},
		Finish: func(_ context.Context, d dialog.Dialog) (dialog.Outcome, error) {
			if d.Answers.Value("staff") != "" {
				return dialog.Done("left.staff", nil), nil
			}
			return dialog.Done("left", nil), nil
		},
	}
}

// TalkAnswers are the answers with which a talk opens.
func TalkAnswers(staff bool, about string) dialog.Answers {
	out := dialog.Answers{"about": {Value: about}}
	if staff {
		out["staff"] = dialog.Answer{Value: "yes"}
	}
	return out
}

// EndTalk is the option that leaves a talk.
const EndTalk = "end"

// talking is the one step of a talk.
type talking struct{}

// Ask says about what the talk is.
func (talking) Ask(earlier dialog.Answers, _ string) dialog.Ask {
	a := dialog.Ask{
		Accepts: dialog.AcceptText | dialog.AcceptFile, Args: dialog.Args{"About": earlier.Value("about")},
		Options: []dialog.Option{{ID: EndTalk}},
	}
	if earlier.Value("staff") != "" {
		a.Key = "talk.say.ask.staff"
	}
	return a
}

// Parse takes nothing but the end.
func (talking) Parse(in dialog.Input, _ dialog.Answers, _ string) (dialog.Parsed, *dialog.Problem) {
	if in.Option == EndTalk {
		return dialog.Parsed{Value: EndTalk}, nil
	}
	return dialog.Parsed{}, &dialog.Problem{Key: "choose"}
}

// Holds for the end alone.
func (talking) Holds(value string, _ dialog.Answers) bool { return value == EndTalk }

// Show names the end.
func (talking) Show(value string) dialog.Text { return dialog.Text{Key: "." + value} }
