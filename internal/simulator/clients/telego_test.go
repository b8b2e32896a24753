package clients_test

import (
	"context"
	"testing"

	"github.com/mymmrac/telego"
	tu "github.com/mymmrac/telego/telegoutil"
)

func telegoLibrary() library { return library{"telego", startTelego} }

func startTelego(t *testing.T, api string, hook *webhook) {
	t.Helper()
	bot, err := telego.NewBot(token, telego.WithAPIServer(api), telego.WithDiscardLogger())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	updates, err := telegoUpdates(ctx, bot, hook)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for update := range updates {
			if err := telegoHandle(ctx, bot, update); err != nil {
				t.Errorf("telego: %v", err)
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
}

func telegoUpdates(ctx context.Context, bot *telego.Bot, hook *webhook) (<-chan telego.Update, error) {
	if hook == nil {
		return bot.UpdatesViaLongPolling(ctx, &telego.GetUpdatesParams{Timeout: 5})
	}
	updates, err := bot.UpdatesViaWebhook(ctx, telego.WebhookHTTPServeMux(hook.mux, "POST /hook", secret))
	if err != nil {
		return nil, err
	}
	// The handler is no good for two requests at once, nor before it was returned.
	return updates, bot.SetWebhook(ctx, &telego.SetWebhookParams{URL: hook.url + "/hook", SecretToken: secret, MaxConnections: 1})
}

func telegoHandle(ctx context.Context, bot *telego.Bot, update telego.Update) error {
	if q := update.CallbackQuery; q != nil {
		return telegoTap(ctx, bot, q)
	}
	m := update.Message
	if m == nil {
		return nil
	}
	chat := tu.ID(m.Chat.ID)
	switch {
	case m.Document != nil:
		return telegoDownload(ctx, bot, m)
	case m.Text == "tombol":
		_, err := bot.SendMessage(ctx, tu.Message(chat, "pilih").WithReplyMarkup(tu.InlineKeyboard(tu.InlineKeyboardRow(
			tu.InlineKeyboardButton("ya").WithCallbackData("y"), tu.InlineKeyboardButton("tidak").WithCallbackData("n")))))
		return err
	case m.Text == "unggah":
		if _, err := bot.SendPhoto(ctx, tu.Photo(chat, tu.FileFromBytes(photo(), "toko.png")).WithCaption("foto")); err != nil {
			return err
		}
		_, err := bot.SendDocument(ctx, tu.Document(chat, tu.FileFromBytes(paper(), "surat.txt")))
		return err
	}
	_, err := bot.SendMessage(ctx, tu.Message(chat, m.Text).WithReplyParameters(&telego.ReplyParameters{MessageID: m.MessageID}))
	return err
}

func telegoTap(ctx context.Context, bot *telego.Bot, q *telego.CallbackQuery) error {
	if err := bot.AnswerCallbackQuery(ctx, &telego.AnswerCallbackQueryParams{CallbackQueryID: q.ID, Text: "siap"}); err != nil {
		return err
	}
	_, err := bot.EditMessageText(ctx, &telego.EditMessageTextParams{
		ChatID: tu.ID(q.Message.GetChat().ID), MessageID: q.Message.GetMessageID(), Text: "dipilih " + q.Data,
	})
	return err
}

func telegoDownload(ctx context.Context, bot *telego.Bot, m *telego.Message) error {
	file, err := bot.GetFile(ctx, &telego.GetFileParams{FileID: m.Document.FileID})
	if err != nil {
		return err
	}
	content, err := fetch(bot.FileDownloadURL(file.FilePath))
	if err != nil {
		return err
	}
	_, err = bot.SendMessage(ctx, tu.Message(tu.ID(m.Chat.ID), receipt(content)))
	return err
}
