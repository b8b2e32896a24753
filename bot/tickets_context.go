package bot

import (
	"strings"
	"time"

	"umkmbot/flows"
	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// lookedFor is how long what was looked at last tells why somebody writes.
const lookedFor = 2 * time.Hour

// What a ticket's context is about, before the colon.
const (
	doingForm      = "form"      // flow:step
	doingProgramme = "programme" // its id
	doingDocument  = "document"  // its kind
)

// looks notes what a person looks at.
func (t *turn) looks(what, id string) {
	t.state.Looked, t.state.LookedAt = what+":"+id, t.in.at.Unix()
}

// wasDoing is what a person was at: ids alone, as a ticket keeps it.
func (t *turn) wasDoing() string {
	var parts []string
	if d := t.state.Dialog; d != nil && d.Flow != flows.TalkFlow && d.Flow != flows.TicketFlow {
		if q, ok := t.bot.flows.Question(*d); ok {
			parts = append(parts, doingForm+":"+q.Flow+":"+q.Step)
		}
	}
	if at := time.Unix(t.state.LookedAt, 0); t.state.Looked != "" && t.in.at.Sub(at) < lookedFor {
		parts = append(parts, t.state.Looked)
	}
	return strings.Join(parts, " ")
}

// contextWords says a ticket's context to people; "" when there is nothing to say.
func (v voice) contextWords(context string) string {
	var out []string
	for _, part := range strings.Fields(context) {
		what, id, _ := strings.Cut(part, ":")
		switch what {
		case doingForm:
			out = append(out, v.formWords(id))
		case doingProgramme:
			out = append(out, v.say("ticket.context.programme", dialog.Args{"Name": v.programmeName(id)}))
		case doingDocument:
			if _, known := umkm.RuleOf(umkm.DocumentKind(id)); known {
				out = append(out, v.say("ticket.context.document", dialog.Args{"Kind": dialog.Text{Key: "value.document." + id}}))
			}
		}
	}
	return strings.Join(out, "\n")
}

// formWords says in which form and at which question somebody was.
func (v voice) formWords(id string) string {
	flow, step, _ := strings.Cut(id, ":")
	args := dialog.Args{"Flow": dialog.Text{Literal: flow}}
	if v.bot.words.Has(flow + ".name") {
		args["Flow"] = dialog.Text{Key: flow + ".name"}
	}
	if label := flow + "." + step + ".label"; v.bot.words.Has(label) {
		args["Step"] = dialog.Text{Key: label}
		return v.say("ticket.context.step", args)
	}
	return v.say("ticket.context.form", args)
}
