package clients_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	telebot "gopkg.in/telebot.v4"
)

func telebotLibrary() library { return library{"telebot", startTelebot} }

func startTelebot(t *testing.T, api string, hook *webhook) {
	t.Helper()
	settings := telebot.Settings{
		URL: api, Token: token, Synchronous: true,
		Poller:  &telebot.LongPoller{Timeout: 5 * time.Second},
		OnError: func(err error, _ telebot.Context) { t.Errorf("telebot: %v", err) },
	}
	if hook != nil {
		settings.Poller = &telebotWebhook{hook: hook, onError: settings.OnError}
	}
	bot, err := telebot.NewBot(settings)
	if err != nil {
		t.Fatal(err)
	}
	bot.Handle(telebot.OnText, telebotText)
	bot.Handle(telebot.OnDocument, telebotDownload)
	bot.Handle(telebot.OnCallback, telebotTap)
	go bot.Start()
	t.Cleanup(bot.Stop)
}

// telebotWebhook takes the place of telebot.Webhook, which sets the webhook
// before it can take updates and so loses those that wait already.
type telebotWebhook struct {
	hook    *webhook
	onError func(error, telebot.Context)
}

// Poll passes updates on until stop.
func (p *telebotWebhook) Poll(bot *telebot.Bot, updates chan telebot.Update, stop chan struct{}) {
	p.hook.mux.HandleFunc("POST /hook", func(w http.ResponseWriter, r *http.Request) {
		var update telebot.Update
		if r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != secret {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if err := json.NewDecoder(r.Body).Decode(&update); err != nil {
			p.onError(err, nil)
			return
		}
		updates <- update
	})
	err := bot.SetWebhook(&telebot.Webhook{
		SecretToken: secret, MaxConnections: 10, Endpoint: &telebot.WebhookEndpoint{PublicURL: p.hook.url + "/hook"},
	})
	if err != nil {
		p.onError(err, nil)
	}
	<-stop
}

func telebotText(c telebot.Context) error {
	switch c.Text() {
	case "tombol":
		markup := &telebot.ReplyMarkup{InlineKeyboard: [][]telebot.InlineButton{{{Text: "ya", Data: "y"}, {Text: "tidak", Data: "n"}}}}
		return c.Send("pilih", markup)
	case "unggah":
		picture := &telebot.Photo{File: telebot.FromReader(bytes.NewReader(photo())), Caption: "foto"}
		if err := c.Send(picture); err != nil {
			return err
		}
		return c.Send(&telebot.Document{File: telebot.FromReader(bytes.NewReader(paper())), FileName: "surat.txt"})
	}
	return c.Reply(c.Text())
}

func telebotDownload(c telebot.Context) error {
	reader, err := c.Bot().File(&c.Message().Document.File)
	if err != nil {
		return err
	}
	defer reader.Close()
	content, err := io.ReadAll(reader)
	if err != nil {
		return err
	}
	return c.Send(receipt(content))
}

func telebotTap(c telebot.Context) error {
	if err := c.Respond(&telebot.CallbackResponse{Text: "siap"}); err != nil {
		return err
	}
	return c.Edit("dipilih " + c.Callback().Data)
}
