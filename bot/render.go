package bot

import (
	"fmt"
	"html"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"umkmbot/internal/dialog"
)

// Telegram's limits, in code points and bytes.
const (
	maxText   = 4096
	maxButton = 60 // what a phone shows of a button on a row of its own
	maxToast  = 200
)

const (
	methodSend      = "sendMessage"
	methodEdit      = "editMessageText"
	methodEditKeys  = "editMessageReplyMarkup"
	methodAnswer    = "answerCallbackQuery"
	methodDelete    = "deleteMessage"
	methodPhoto     = "sendPhoto"
	methodDeleteAll = "deleteMessages"
)

// voice says messages in one language. It is the one place where values are
// escaped and Telegram's limits kept.
type voice struct {
	bot  *Bot
	lang string
}

// say fills a message for Telegram's HTML; every value is escaped.
func (v voice) say(key string, args dialog.Args) string {
	return v.words(key, args, html.EscapeString)
}

// label fills a message for a button or a toast, where HTML means nothing.
func (v voice) label(key string, args dialog.Args) string {
	return v.words(key, args, strings.TrimSpace)
}

// words fills a message with treated values; most have none to fill.
func (v voice) words(key string, args dialog.Args, treat func(string) string) string {
	if text, ok := v.bot.words.Plain(v.lang, key); ok {
		return text
	}
	if text, ok := v.reasonWords(key); ok {
		return treat(text)
	}
	return v.bot.words.Say(v.lang, key, v.fill(args, treat))
}

// fill prepares values. The office's own are there for every message.
func (v voice) fill(args dialog.Args, treat func(string) string) map[string]any {
	out := make(map[string]any, len(args)+3)
	out["Office"] = treat(v.bot.office.Name)
	out["Contact"] = treat(v.bot.office.Contact)
	out["Hours"] = treat(v.bot.office.Hours)
	for name, value := range args {
		switch x := value.(type) {
		case string:
			out[name] = treat(x)
		case dialog.Text:
			out[name] = v.text(x, treat)
		case markup:
			out[name] = string(x)
		default:
			out[name] = x
		}
	}
	return out
}

// markup is HTML that this file made: it goes into a message as it is.
type markup string

func (v voice) text(t dialog.Text, treat func(string) string) string {
	if t.Key == "" {
		return treat(t.Literal)
	}
	return strings.TrimLeftFunc(v.words(t.Key, t.Args, treat), decoration)
}

// decoration is what stands in front of a button's words but not in a sentence.
func decoration(r rune) bool { return unicode.Is(unicode.So, r) || unicode.IsSpace(r) || r == '\ufe0f' }

// date says a day: 3 Desember 2026.
func (v voice) date(at time.Time) string {
	at = at.In(v.bot.zone)
	month := v.label(fmt.Sprintf("value.month.%d", int(at.Month())), nil)
	return v.label("date", dialog.Args{"Day": at.Day(), "Month": month, "Year": at.Year()})
}

// html says a text for a message, plain for a button.
func (v voice) html(t dialog.Text) string  { return v.text(t, html.EscapeString) }
func (v voice) plain(t dialog.Text) string { return v.text(t, strings.TrimSpace) }

// message makes a sendMessage call.
func (v voice) message(chat int64, text string, markup models.ReplyMarkup) Call {
	return Call{Method: methodSend, Params: raw(tg.SendMessageParams{
		ChatID: chat, Text: cut(text, maxText), ParseMode: models.ParseModeHTML,
		LinkPreviewOptions: noPreview, ReplyMarkup: markup,
	})}
}

var noPreview = &models.LinkPreviewOptions{IsDisabled: ptr(true)}

func ptr[T any](v T) *T { return &v }

// edit makes an editMessageText call; anew says whether the text must reach
// the person even when the message is gone.
func (v voice) edit(chat int64, message int, text string, markup models.ReplyMarkup, anew bool) Call {
	return Call{Method: methodEdit, Lenient: true, Anew: anew, Params: raw(tg.EditMessageTextParams{
		ChatID: chat, MessageID: message, Text: cut(text, maxText), ParseMode: models.ParseModeHTML,
		LinkPreviewOptions: noPreview, ReplyMarkup: markup,
	})}
}

// unbutton takes the buttons off a message.
func unbutton(chat int64, message int) Call {
	return Call{Method: methodEditKeys, Lenient: true, Params: raw(tg.EditMessageReplyMarkupParams{ChatID: chat, MessageID: message})}
}

// toast answers a tap; text may be empty.
func toast(query, text string) Call {
	return Call{Method: methodAnswer, Lenient: true, Params: raw(tg.AnswerCallbackQueryParams{
		CallbackQueryID: query, Text: clip(text, maxToast),
	})}
}

func remove(chat int64, message int) Call {
	return Call{Method: methodDelete, Lenient: true, Params: raw(tg.DeleteMessageParams{ChatID: chat, MessageID: message})}
}

// cut shortens a text to n code points at the end of a line or sentence,
// never within a character or a tag. Texts that long hold no open tag where a
// line ends.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)[:n-1]
	head := string(runes)
	if i := strings.LastIndexAny(head, "\n"); i > len(head)/2 {
		return head[:i] + "\n…"
	}
	if i := strings.LastIndex(head, ". "); i > len(head)/2 {
		return head[:i+1] + " …"
	}
	return head + "…"
}

// clip shortens a plain label to n code points, at a word where it can.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	head := string([]rune(s)[:n-1])
	if i := strings.LastIndexByte(head, ' '); i > len(head)/2 {
		head = head[:i]
	}
	return head + "…"
}

// keys builds an inline keyboard row by row.
type keys struct {
	rows [][]models.InlineKeyboardButton
}

func (k *keys) row(buttons ...models.InlineKeyboardButton) {
	if len(buttons) > 0 {
		k.rows = append(k.rows, buttons)
	}
}

// grid lays buttons out in columns.
func (k *keys) grid(columns int, buttons []models.InlineKeyboardButton) {
	columns = max(1, columns)
	for len(buttons) > columns {
		k.row(buttons[:columns]...)
		buttons = buttons[columns:]
	}
	k.row(buttons...)
}

func (k *keys) markup() models.ReplyMarkup {
	if len(k.rows) == 0 {
		return nil
	}
	return models.InlineKeyboardMarkup{InlineKeyboard: k.rows}
}

func button(label, data string) models.InlineKeyboardButton {
	return models.InlineKeyboardButton{Text: clip(label, maxButton), CallbackData: data}
}
