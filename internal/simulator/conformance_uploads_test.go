package simulator_test

// Photos, documents, downloads.
func fileRows() []row {
	return []row{
		{
			"sendPhoto lists sizes small to large", `upload sendPhoto {"chat_id":{siti}} photo=1200x900.jpg`,
			`{"photo":[{"width":90},{"width":320},{"width":800},{"width":1200,"height":900}]}`,
		},
		{"a small photo", `upload sendPhoto {"chat_id":{siti}} photo=60x40.png`, `{"photo":[{"width":60,"height":40}]}`},
		{"each size has its own ids", `m = upload sendPhoto {"chat_id":{siti}} photo=1200x900.jpg
			getFile {"file_id":"{m.photo.0.file_id}"}`, `{"file_id":"{m.photo.0.file_id}","file_unique_id":"{m.photo.0.file_unique_id}"}`},
		{
			"a caption with formatting", `upload sendPhoto {"chat_id":{siti},"caption":"<b>toko</b>","parse_mode":"HTML"} photo=shop.png`,
			`{"caption":"toko","caption_entities":[{"type":"bold","offset":0,"length":4}],"text":null,"entities":null}`,
		},
		{"a caption of 1024 characters", `upload sendPhoto {"chat_id":{siti},"caption":"{x*1024}"} photo=shop.png`, `{"caption":"{x*1024}"}`},
		{"a caption of 1025 characters", `upload sendPhoto {"chat_id":{siti},"caption":"{x*1025}"} photo=shop.png`, `400 Bad Request: message caption is too long`},
		{"no photo", `sendPhoto {"chat_id":{siti}}`, `400 Bad Request: there is no photo in the request`},
		{"no document", `sendDocument {"chat_id":{siti}}`, `400 Bad Request: there is no document in the request`},
		{"an empty photo", `upload sendPhoto {"chat_id":{siti}} photo=kosong.empty`, `400 Bad Request: file must be non-empty`},
		{"an empty document", `upload sendDocument {"chat_id":{siti}} document=kosong.empty`, `400 Bad Request: file must be non-empty`},
		{
			"a photo over 10 MB", `upload sendPhoto {"chat_id":{siti}} photo=shop.png:10485761`,
			`400 Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes`,
		},
		{"a photo that is none", `upload sendPhoto {"chat_id":{siti}} photo=catatan.txt`, `400 Bad Request: IMAGE_PROCESS_FAILED`},
		{"a photo that is too wide and high", `upload sendPhoto {"chat_id":{siti}} photo=6000x5000.png`, `400 Bad Request: PHOTO_INVALID_DIMENSIONS`},
		{"a photo that is too narrow", `upload sendPhoto {"chat_id":{siti}} photo=2100x100.png`, `400 Bad Request: PHOTO_INVALID_DIMENSIONS`},
		{"a document over 50 MB", `upload sendDocument {"chat_id":{siti}} document=data.bin:52428801`, `413 Request Entity Too Large`},
		{
			"sendDocument", `upload sendDocument {"chat_id":{siti}} document=nib.pdf`,
			`{"document":{"file_name":"nib.pdf","mime_type":"application/pdf","file_id":"*","file_unique_id":"*","file_size":"*"},"photo":null}`,
		},
		{"mime_type follows the extension, not the part's header", `upload sendDocument {"chat_id":{siti}} document=catatan.txt`, `{"document":{"mime_type":"text/plain"}}`},
		{"directories are dropped from names", `upload sendDocument {"chat_id":{siti}} document=nib.pdf>../../rahasia/nib.pdf`, `{"document":{"file_name":"nib.pdf"}}`},
		{"emoji are dropped from names", `upload sendDocument {"chat_id":{siti}} document=nib.pdf>nib😀.pdf`, `{"document":{"file_name":"nib.pdf"}}`},
		{"a stem is cut to 64", `upload sendDocument {"chat_id":{siti}} document=nib.pdf>{n*100}.pdf`, `{"document":{"file_name":"{n*64}.pdf"}}`},
		{"a GIF comes back as an animation", `upload sendDocument {"chat_id":{siti}} document=lucu.gif`, `{"animation":{"file_id":"*","width":"*","height":"*","duration":"*"},"document":"*"}`},
		{"an MP4 comes back as a video", `upload sendDocument {"chat_id":{siti}} document=klip.mp4`, `"~\"(video|document|animation)\":"`},
		{"disable_content_type_detection keeps a GIF a document", `upload sendDocument {"chat_id":{siti},"disable_content_type_detection":true} document=lucu.gif`, `{"document":{"mime_type":"image/gif"},"animation":null}`},
		{"attach:// points to a part", `upload sendDocument {"chat_id":{siti},"document":"attach://berkas"} berkas=nib.pdf`, `{"document":{"file_name":"nib.pdf"}}`},
		{"attach:// to nothing", `upload sendDocument {"chat_id":{siti},"document":"attach://lain"} berkas=nib.pdf`, `400 Bad Request: there is no document in the request`},
		{"a file_id sends the file again", `m = upload sendDocument {"chat_id":{siti}} document=nib.pdf
			sendDocument {"chat_id":{budi},"document":"{m.document.file_id}"}`, `{"document":{"file_unique_id":"{m.document.file_unique_id}","file_name":"nib.pdf"}}`},
		{"a photo's file_id", `m = upload sendPhoto {"chat_id":{siti}} photo=shop.png
			sendPhoto {"chat_id":{budi},"photo":"{m.photo.last.file_id}"}`, `{"photo":"*"}`},
		{"a wrong file_id: its length", `sendDocument {"chat_id":{siti},"document":"nonsense5"}`, `400 Bad Request: wrong remote file identifier specified: Wrong string length`},
		{"a wrong file_id: its letters", `sendDocument {"chat_id":{siti},"document":"non sens"}`, `400 Bad Request: wrong remote file identifier specified: Wrong character in the string`},
		{"a URL of another kind", `sendDocument {"chat_id":{siti},"document":"ftp://x.example/a.pdf"}`, `400 Bad Request: invalid file HTTP URL specified: Unsupported URL protocol`},
		{
			"a wrong file_id", `sendDocument {"chat_id":{siti},"document":"nonsense"}`,
			`400 Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol`,
		},
		{"file_unique_id is stable", `m = upload sendDocument {"chat_id":{siti}} document=nib.pdf
			upload sendDocument {"chat_id":{budi}} document=nib.pdf`, `{"document":{"file_unique_id":"{m.document.file_unique_id}"}}`},
		{"file_unique_id cannot fetch", `m = upload sendDocument {"chat_id":{siti}} document=nib.pdf
			getFile {"file_id":"{m.document.file_unique_id}"}`, `400 Bad Request: invalid file_id`},
		{"getFile", `m = upload sendDocument {"chat_id":{siti}} document=shop.png
			getFile {"file_id":"{m.document.file_id}"}`, `{"file_id":"{m.document.file_id}","file_size":"*","file_path":"~^[a-z]+/[^/]+$"}`},
		{"download", `m = upload sendDocument {"chat_id":{siti}} document=shop.png
			f = getFile {"file_id":"{m.document.file_id}"}
			download {f.file_path}`, `{"same_as_png":true}`},
		{"download of what a person sent", `siti upload document {} file=shop.png
			u = updates
			f = getFile {"file_id":"{u.0.message.document.file_id}"}
			download {f.file_path}`, `{"same_as_png":true}`},
		{"the path works for an hour", `m = upload sendDocument {"chat_id":{siti}} document=shop.png
			f = getFile {"file_id":"{m.document.file_id}"}
			c = POST /_sim/clock {"advance_s":3500}
			download {f.file_path}`, `{"same_as_png":true}`},
		{"download of nothing", `download documents/file_999.pdf`, `status 404 {"ok":false,"error_code":404`},
		{"download with a wrong token", `GET /file/bot7700000001:wrong/documents/file_0.pdf`, `status 401 {"ok":false,"error_code":401`},
		{"getFile without an id", `getFile {}`, `400 Bad Request: file_id not specified`},
		{"getFile with a wrong id", `getFile {"file_id":"nonsense"}`, `400 Bad Request: invalid file_id`},
		{"getFile over 20 MB", `m = upload sendDocument {"chat_id":{siti}} document=data.bin:20971521
			getFile {"file_id":"{m.document.file_id}"}`, `400 Bad Request: file is too big`},
		{"getFile of 20 MB", `m = upload sendDocument {"chat_id":{siti}} document=data.bin:20971520
			getFile {"file_id":"{m.document.file_id}"}`, `{"file_size":20971520,"file_path":"*"}`},
		{"a photo by URL", `sendPhoto {"chat_id":{siti},"photo":"{hook}/files/640x480.png"}`, `{"photo":[{"width":90},{"width":320},{"width":640}]}`},
		{"a document by URL", `sendDocument {"chat_id":{siti},"document":"{hook}/files/nib.pdf"}`, `{"document":{"file_name":"nib.pdf","mime_type":"application/pdf"}}`},
		{"a photo by URL over 5 MB", `sendPhoto {"chat_id":{siti},"photo":"{hook}/files/shop.png:5242881"}`, `400 Bad Request: failed to get HTTP URL content`},
		{"a document by URL over 20 MB", `sendDocument {"chat_id":{siti},"document":"{hook}/files/nib.pdf:20971521"}`, `400 Bad Request: failed to get HTTP URL content`},
		{"a URL that answers with an error", `sendPhoto {"chat_id":{siti},"photo":"{hook}/files/none.404"}`, `400 Bad Request: failed to get HTTP URL content`},
		{"a page is no photo", `sendPhoto {"chat_id":{siti},"photo":"{hook}/files/page.html"}`, `400 Bad Request: wrong type of the web page content`},
		{
			"a photo in a reply with a keyboard", `upload sendPhoto {"chat_id":{siti},"reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}} photo=shop.png`,
			`{"photo":"*","reply_markup":{"inline_keyboard":[[{"text":"A"}]]}}`,
		},
		{"an upload to a person who blocked the bot", `siti block
			upload sendDocument {"chat_id":{siti}} document=nib.pdf`, `403 Forbidden: bot was blocked by the user`},
	}
}

// sendMediaGroup.
func albumRows() []row {
	const photos = `upload sendMediaGroup {"chat_id":{siti},"media":[{"type":"photo","media":"attach://a","caption":"satu"},{"type":"photo","media":"attach://b"}]} a=a.png b=b.png`
	return []row{
		{
			"an album is a list of messages that share a string", photos,
			`[{"media_group_id":"~^[0-9]+$","photo":"*","caption":"satu"},{"media_group_id":"~^[0-9]+$","photo":"*","caption":null}]`,
		},
		{"its messages have ids that follow", `a = ` + photos + `
			siti messages ?after=1`, `[{"message_id":{a.0.message_id},"media_group_id":"{a.1.media_group_id}"},{"message_id":{a.1.message_id}}]`},
		{"one is an ordinary message", `upload sendMediaGroup {"chat_id":{siti},"media":[{"type":"photo","media":"attach://a"}]} a=a.png`, `[{"photo":"*","media_group_id":null}]`},
		{"none", `sendMediaGroup {"chat_id":{siti},"media":[]}`, `400 Bad Request: there are no messages to send`},
		{"no media", `sendMediaGroup {"chat_id":{siti}}`, `400 Bad Request: parameter "media" is required`},
		{
			"eleven", `upload sendMediaGroup {"chat_id":{siti},"media":[{{"type":"photo","media":"attach://a"},*10}{"type":"photo","media":"attach://a"}]} a=a.png`,
			`400 Bad Request: too many messages to send as an album`,
		},
		{
			"documents do not mix", `upload sendMediaGroup {"chat_id":{siti},"media":[{"type":"photo","media":"attach://a"},{"type":"document","media":"attach://b"}]} a=a.png b=b.pdf`,
			`400 Bad Request: document can't be mixed with other media types`,
		},
		{
			"documents alone", `upload sendMediaGroup {"chat_id":{siti},"media":[{"type":"document","media":"attach://a"},{"type":"document","media":"attach://b"}]} a=a.pdf b=b.pdf`,
			`[{"document":{"file_name":"a.pdf"}},{"document":{"file_name":"b.pdf"}}]`,
		},
		{"by file_id", `m = upload sendPhoto {"chat_id":{siti}} photo=shop.png
			sendMediaGroup {"chat_id":{siti},"media":[{"type":"photo","media":"{m.photo.last.file_id}"},{"type":"photo","media":"{m.photo.last.file_id}"}]}`, `["*","*"]`},
	}
}
