package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// script is a small bot that shows what chats can do. It knows nothing of the
// simulator but the Bot API's address.
type script struct {
	t    *testing.T
	base string        // …/bot<token>/
	hold chan struct{} // closed to let the slow button's answer go
}

type update struct {
	ID      int64     `json:"update_id"`
	Message *incoming `json:"message"`
	Tap     *struct {
		ID      string   `json:"id"`
		Data    string   `json:"data"`
		Message incoming `json:"message"`
	} `json:"callback_query"`
}

type incoming struct {
	ID   int `json:"message_id"`
	Chat struct {
		ID int64 `json:"id"`
	} `json:"chat"`
	From struct {
		First string `json:"first_name"`
	} `json:"from"`
	Text     string            `json:"text"`
	Photo    []json.RawMessage `json:"photo"`
	Document *struct {
		Name string `json:"file_name"`
	} `json:"document"`
	Contact *struct {
		Phone string `json:"phone_number"`
	} `json:"contact"`
	Location *struct {
		Latitude float64 `json:"latitude"`
	} `json:"location"`
}

type object map[string]any

// run answers people until the test ends.
func (b *script) run(ctx context.Context) {
	b.call("setMyCommands", object{"commands": []object{
		{"command": "start", "description": "Mulai dari awal"},
		{"command": "daftar", "description": "Daftarkan usaha"},
		{"command": "bantuan", "description": "Cara memakai bot ini"},
	}})
	for offset := int64(0); ctx.Err() == nil; {
		var updates []update
		body := bytes.NewReader(fmt.Appendf(nil, `{"offset":%d,"timeout":20}`, offset))
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.base+"getUpdates", body)
		if err != nil {
			b.t.Error(err)
			return
		}
		req.Header.Set("Content-Type", "application/json")
		if err := do(req, &updates); err != nil {
			if ctx.Err() == nil {
				b.t.Errorf("getUpdates: %v", err)
			}
			return
		}
		for _, u := range updates {
			offset = u.ID + 1
			b.handle(u)
		}
	}
}

func do(req *http.Request, result any) error {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	var answer struct {
		OK          bool            `json:"ok"`
		Description string          `json:"description"`
		Result      json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return fmt.Errorf("%s: %w", body, err)
	}
	if !answer.OK {
		return fmt.Errorf("refused: %s", answer.Description)
	}
	return json.Unmarshal(answer.Result, result)
}

// call makes a Bot API call that must succeed.
func (b *script) call(method string, params object) json.RawMessage {
	body, err := json.Marshal(params)
	if err != nil {
		b.t.Error(err)
		return nil
	}
	req, err := http.NewRequest(http.MethodPost, b.base+method, bytes.NewReader(body))
	if err != nil {
		b.t.Error(err)
		return nil
	}
	req.Header.Set("Content-Type", "application/json")
	var result json.RawMessage
	if err := do(req, &result); err != nil {
		b.t.Errorf("%s: %v", method, err)
	}
	return result
}

func (b *script) say(chat int64, text string, extra object) {
	params := object{"chat_id": chat, "text": text, "parse_mode": "HTML"}
	for k, v := range extra {
		params[k] = v
	}
	b.call("sendMessage", params)
}

// upload sends a file to a chat.
func (b *script) upload(method, field, name string, content []byte, params map[string]string) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	// Writing to memory does not fail, but for a wrong order of calls.
	var errs []error
	for k, v := range params {
		errs = append(errs, form.WriteField(k, v))
	}
	part, err := form.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	errs = append(errs, err, form.Close())
	req, err := http.NewRequest(http.MethodPost, b.base+method, &body)
	if err := errors.Join(append(errs, err)...); err != nil {
		b.t.Error(err)
		return
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	if err := do(req, new(json.RawMessage)); err != nil {
		b.t.Errorf("%s: %v", method, err)
	}
}

const greeting = `Halo, <b>%s</b>! Selamat datang di <i>UMKM Banten</i>.

Ketik /daftar atau baca <a href="https://oss.go.id/">panduan NIB</a>.
<blockquote>Data usaha dilindungi.</blockquote>
<code>NIB 1234567890123</code> dan <tg-spoiler>rahasia</tg-spoiler>, lihat oss.go.id #umkm`

const rich = `<blockquote expandable>Baris satu
baris dua
baris tiga
baris empat
baris lima
baris enam</blockquote>
<pre><code class="language-go">x := 1 &lt; 2</code></pre>
<b>tebal <i>dan <u>garis</u> miring</i></b> <s>coret</s> 🙂<b>x</b> siti@usaha.co.id`

func (b *script) handle(u update) {
	switch m := u.Message; {
	case u.Tap != nil:
		b.tapped(u)
	case m == nil:
	case m.Contact != nil:
		b.say(m.Chat.ID, "Terima kasih, nomor "+m.Contact.Phone+" dicatat.", object{"reply_markup": object{"remove_keyboard": true}})
	case m.Location != nil:
		b.say(m.Chat.ID, fmt.Sprintf("Lokasi %.3f diterima.", m.Location.Latitude), nil)
	case m.Photo != nil:
		b.say(m.Chat.ID, "Foto diterima.", object{"reply_parameters": object{"message_id": m.ID}})
	case m.Document != nil:
		b.say(m.Chat.ID, "Berkas "+m.Document.Name+" diterima.", nil)
	case strings.HasPrefix(m.Text, "/start"):
		b.say(m.Chat.ID, fmt.Sprintf(greeting, m.From.First), object{"reply_markup": object{"inline_keyboard": [][]object{
			{{"text": "Ubah pesan", "callback_data": "edit"}, {"text": "Hapus pesan", "callback_data": "delete"}},
			{{"text": "Peringatan", "callback_data": "alert"}, {"text": "Situs OSS", "url": "https://oss.go.id/"}},
		}}})
	default:
		b.answer(m)
	}
}

func (b *script) answer(m *incoming) {
	chat := fmt.Sprint(m.Chat.ID)
	switch m.Text {
	case "/daftar":
		b.call("sendChatAction", object{"chat_id": m.Chat.ID, "action": "typing"})
		b.say(m.Chat.ID, "Bagikan nomor Anda atau lokasi usaha.", object{"reply_markup": object{
			"resize_keyboard": true, "input_field_placeholder": "Nama usaha", "keyboard": [][]object{
				{{"text": "Bagikan nomor", "request_contact": true}, {"text": "Bagikan lokasi", "request_location": true}}, {{"text": "Batal"}},
			},
		}})
	case "/kaya":
		b.say(m.Chat.ID, rich, object{"reply_markup": object{"inline_keyboard": [][]object{
			{{"text": "Setuju", "callback_data": "a", "style": "success"}, {"text": "Tolak", "callback_data": "b", "style": "danger"}},
			{{"text": "Salin NIB", "copy_text": object{"text": "1234567890123"}}},
		}}})
	case "/ketik":
		b.call("sendChatAction", object{"chat_id": m.Chat.ID, "action": "upload_document"})
	case "/lambat":
		b.say(m.Chat.ID, "Tekan tombol ini.", object{"reply_markup": object{"inline_keyboard": [][]object{{{"text": "Lambat", "callback_data": "slow"}}}}})
	case "/tautan":
		b.say(m.Chat.ID, "Buka https://t.me/umkm_banten_bot?start=undangan_7", nil)
	case "/nama":
		b.say(m.Chat.ID, "Siapa nama usaha Anda?", object{"reply_markup": object{"force_reply": true, "input_field_placeholder": "Nama usaha"}})
	case "/sekali":
		b.say(m.Chat.ID, "Sudah punya NIB?", object{"reply_markup": object{"one_time_keyboard": true, "keyboard": [][]string{{"Ya", "Tidak"}}}})
	case "foto":
		b.upload("sendPhoto", "photo", "toko.png", picture(320, 200), map[string]string{"chat_id": chat, "caption": "Toko Ibu Siti"})
	case "pdf":
		b.upload("sendDocument", "document", "Sertifikat.pdf", []byte("%PDF-1.4\n%%EOF\n"), map[string]string{"chat_id": chat})
	case "<b>jahat</b>":
		b.say(m.Chat.ID, `<code>&lt;img src=x onerror=alert(1)&gt;</code>`, nil)
	default:
		b.say(m.Chat.ID, "Anda menulis: "+strings.NewReplacer("<", "&lt;", "&", "&amp;").Replace(m.Text), nil)
	}
}

func (b *script) tapped(u update) {
	where := object{"chat_id": u.Tap.Message.Chat.ID, "message_id": u.Tap.Message.ID}
	answer := object{"callback_query_id": u.Tap.ID}
	switch u.Tap.Data {
	case "edit":
		where["text"] = "Pesan ini sudah diubah."
		b.call("editMessageText", where)
		answer["text"] = "Sudah diubah"
	case "delete":
		b.call("deleteMessage", where)
	case "slow":
		<-b.hold
		answer["text"] = "Akhirnya"
	case "alert":
		answer["text"], answer["show_alert"] = "Berkas belum lengkap", true
	}
	b.call("answerCallbackQuery", answer)
}

// picture draws a PNG.
func picture(width, height int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			img.Set(x, y, color.RGBA{uint8(200 - x/4), uint8(120 + y/3), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}
