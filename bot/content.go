package bot

import (
	"umkmbot/internal/dialog"
	"umkmbot/internal/intent"
	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/workdays"
	"umkmbot/locales"
)

// Content is one version of what law or the office sets. It never changes:
// a newer version takes its place as a whole.
type Content struct {
	Classes     umkm.Classes
	Workdays    workdays.Calendar
	Documents   umkm.DocumentTexts
	OverdueDays int // working days a document may wait
	Questions   umkm.Questions
	Asked       *intent.Finder // finds the questions; nil finds none
	Programmes  []umkm.Programme
	Credit      umkm.Credit
	Tax         umkm.FinalTax
	Desk        umkm.DeskPolicy
	// Words and Flows are the messages and conversations with those that the
	// content brings; nil: as the bot was made.
	Words *locales.Catalog
	Flows dialog.Flows
}

// SetContent puts a version in force, from the next look on.
func (b *Bot) SetContent(c *Content) {
	b.newest.Store(c)
	if c.Words != nil && c.Flows != nil {
		b.words.now.Store(c.Words)
		b.flows.now.Store(&c.Flows)
	}
}

// content is the version in force. Who needs two parts of it that belong
// together asks once.
func (b *Bot) content() *Content { return b.newest.Load() }
