package clients_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/PaulSonOfLars/gotgbot/v2"
	"github.com/PaulSonOfLars/gotgbot/v2/ext"
	"github.com/PaulSonOfLars/gotgbot/v2/ext/handlers"
)

func gotgbotLibrary() library { return library{"gotgbot", startGotgbot} }

func startGotgbot(t *testing.T, api string, hook *webhook) {
	t.Helper()
	bot, err := gotgbot.NewBot(token, &gotgbot.BotOpts{BotClient: &gotgbot.BaseBotClient{
		DefaultRequestOpts: &gotgbot.RequestOpts{APIURL: api, Timeout: 20 * time.Second},
	}})
	if err != nil {
		t.Fatal(err)
	}
	dispatcher := ext.NewDispatcher(&ext.DispatcherOpts{
		Error: func(_ *gotgbot.Bot, _ *ext.Context, err error) ext.DispatcherAction {
			t.Errorf("gotgbot: %v", err)
			return ext.DispatcherActionNoop
		},
	})
	dispatcher.AddHandler(handlers.NewMessage(nil, gotgbotMessage))
	dispatcher.AddHandler(handlers.NewCallback(nil, gotgbotTap))
	updater := ext.NewUpdater(dispatcher, nil)
	t.Cleanup(func() { _ = updater.Stop() })
	if hook == nil {
		err = updater.StartPolling(bot, &ext.PollingOpts{GetUpdatesOpts: &gotgbot.GetUpdatesOpts{
			Timeout: 5, RequestOpts: &gotgbot.RequestOpts{APIURL: api, Timeout: 10 * time.Second},
		}})
	} else {
		err = gotgbotWebhook(bot, updater, hook)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func gotgbotWebhook(bot *gotgbot.Bot, updater *ext.Updater, hook *webhook) error {
	if err := updater.AddWebhook(bot, "hook", &ext.AddWebhookOpts{SecretToken: secret}); err != nil {
		return err
	}
	hook.mux.Handle("/", updater.GetHandlerFunc("/"))
	_, err := bot.SetWebhook(hook.url+"/hook", &gotgbot.SetWebhookOpts{SecretToken: secret, MaxConnections: 10})
	return err
}

func gotgbotMessage(bot *gotgbot.Bot, ctx *ext.Context) error {
	m := ctx.EffectiveMessage
	switch {
	case m.Document != nil:
		return gotgbotDownload(bot, m)
	case m.Text == "tombol":
		_, err := bot.SendMessage(m.Chat.Id, "pilih", &gotgbot.SendMessageOpts{ReplyMarkup: gotgbot.InlineKeyboardMarkup{
			InlineKeyboard: [][]gotgbot.InlineKeyboardButton{{{Text: "ya", CallbackData: "y"}, {Text: "tidak", CallbackData: "n"}}},
		}})
		return err
	case m.Text == "unggah":
		_, err := bot.SendPhoto(m.Chat.Id, gotgbot.InputFileByReader("toko.png", bytes.NewReader(photo())), &gotgbot.SendPhotoOpts{Caption: "foto"})
		if err != nil {
			return err
		}
		_, err = bot.SendDocument(m.Chat.Id, gotgbot.InputFileByReader("surat.txt", bytes.NewReader(paper())), nil)
		return err
	}
	_, err := m.Reply(bot, m.Text, nil)
	return err
}

func gotgbotDownload(bot *gotgbot.Bot, m *gotgbot.Message) error {
	file, err := bot.GetFile(m.Document.FileId, nil)
	if err != nil {
		return err
	}
	content, err := fetch(file.URL(bot, nil))
	if err != nil {
		return err
	}
	_, err = bot.SendMessage(m.Chat.Id, receipt(content), nil)
	return err
}

func gotgbotTap(bot *gotgbot.Bot, ctx *ext.Context) error {
	query := ctx.CallbackQuery
	if _, err := query.Answer(bot, &gotgbot.AnswerCallbackQueryOpts{Text: "siap"}); err != nil {
		return err
	}
	_, _, err := query.Message.EditText(bot, "dipilih "+query.Data, nil)
	return err
}
