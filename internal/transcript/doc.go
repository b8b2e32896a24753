// Package transcript plays conversations written down as people read them, and
// compares what the bot says with what the script expects. It drives the
// simulator over HTTP and knows nothing else of the program.
//
//	# One mistake, one change of mind.
//	orang: siti, bahasa id, hp 6281234567890, nama Siti Aminah
//	siti> /daftar
//	bot: Sebelum mulai: bolehkah …
//	     [✅ Setuju]
//	     [✖️ Tidak setuju] [❓ Bantuan]
//	siti> [✅ Setuju]
//	bot (diubah): Persetujuan: *Setuju* ✓
//	bot: Siapa nama lengkap pemilik usaha?
//	--- restart ---
//	siti> Siti Aminah
//
// # People
//
// A speaker is made when first named; "orang:" lines say more of one: bahasa
// (language code), hp (own number), nama, peran (a role on the staff with its
// region, as "peran reviewer 36.04", perhaps several). "grup: warung, siti, budi" makes a
// group of these members; the first adds the bot.
//
// # What a person does
//
//	siti> text                 says it; the script waits for the answers
//	siti>> text | text         says one after the other without waiting for the answers
//	siti…> text | text         says one after the other; the answers are not compared
//	siti → warung> text        says it in a group
//	siti> [label]              presses the newest inline button of that label
//	siti> [label] (lama)       the same, also when it is no longer on the screen
//	siti> {label}              presses a key of the reply keyboard
//	siti> <mulai> <mulai abc>  opens the bot by a link with that payload
//	siti> <tautan rina>        follows the newest link to the bot on rina's screen
//	siti> <pindai kode Budi>   scans a code, named in the stage's own words
//	siti> <kontak>             shares the own number; <kontak 0812…> someone else's
//	siti> <lokasi -6.1,106.1>  shares a location
//	siti> <foto> <foto x.jpg>  sends photos, several as an album; <dokumen x.pdf>
//	siti> <stiker>             or <suara>
//	siti> <teruskan "text">    forwards the newest message that says this
//	siti> <ubah "text">        changes the own last message
//	siti> <ulang 4096 "x">     says x again and again, that many characters long
//	siti> <blokir>             blocks the bot; <buka blokir> lets it in again
//	siti> <hapus obrolan>      deletes the chat
//
// Whoever waits for the answers reads them for a second of the simulator's clock.
//
// Lines indented by five spaces go on with the line above; an empty line
// followed by such a line belongs to the text. In what a person says \u{202e}
// stands for a character that cannot be seen and \\ for a backslash; one in
// front of [ { or < takes away their meaning.
//
// # What a person sees
//
//	bot: text                      a message, its inline buttons as [label], its
//	                               reply keyboard as {label}; {} takes one away
//	bot (diubah): text             an earlier message has become this; when it
//	                               changes again at once, the last counts
//	bot (tombol hilang): begin …   it has lost its buttons
//	bot (tombol diganti): begin …  it has other buttons, which follow
//	bot (dihapus): begin …         it is gone
//	siti (dihapus): begin …        the bot deleted siti's own message
//	bot (notif): text              the answer to a tap; (peringatan) in a window,
//	                               (tautan) a link
//	bot → budi: text               on budi's screen, or in a group
//
// Without → it is on the screen of who acted last; what is deleted of siti's on
// her own. Bold is *so*, italic _so_,
// code `so`. Each screen is compared by itself: nobody knows which of two
// people is answered first. … stands for anything, over several lines too.
//
// # What happens around them
//
//	--- restart ---            the bot stops in order and starts again
//	--- berhenti ---           the bot stops; --- jalan --- starts it
//	--- maju 24 jam ---        the clock goes ahead: menit, jam or hari
//	--- siti: kirim nib ---    the stage does this for siti, in words of its own
//	--- isian siti dari rilis short, langkah nik ---
//	                           siti's form is one that this release kept of
//	                           somebody standing at that step
//
// Comments begin with # and stand above actions, not among answers.
package transcript
