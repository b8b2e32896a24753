// What the simulator's refusals mean, in Indonesian.
const refusals = [
  [/has blocked the bot/, 'Bot sedang diblokir. Buka blokirnya dahulu.'],
  [/username is taken/, 'Nama pengguna itu sudah dipakai.'],
  [/username must be/, 'Nama pengguna: 4 sampai 32 huruf, angka, atau garis bawah, diawali huruf.'],
  [/phone_number must be/, 'Nomor telepon: 5 sampai 15 angka, boleh diawali tanda plus.'],
  [/first_name is missing/, 'Nama depan belum diisi, atau namanya terlalu panjang.'],
  [/text is over 4096/, 'Pesan lebih dari 4096 karakter.'],
  [/caption is over 1024/, 'Keterangan lebih dari 1024 karakter.'],
  [/text is empty|must be non-empty/, 'Pesannya kosong.'],
  [/text is the same/, 'Teksnya tidak berubah.'],
  [/own texts and captions/, 'Hanya pesan sendiri yang dapat diedit.'],
  [/reply to was not found/, 'Pesan yang dibalas sudah tidak ada.'],
  [/^message not found|no such button|has no button/, 'Pesan atau tombol itu sudah tidak ada.'],
  [/photo is 10 MB/, 'Foto paling besar 10 MB. Kirimlah sebagai berkas.'],
  [/Request Entity Too Large/i, 'Berkas terlalu besar, paling besar 50 MB.'],
  [/file is empty/, 'Berkasnya kosong.'],
  [/10 files at most/, 'Satu album memuat paling banyak 10 berkas.'],
  [/protected from forwarding/, 'Pesan ini tidak boleh diteruskan.'],
  [/service messages can't/, 'Pesan layanan tidak dapat diteruskan.'],
  [/not in the group/, 'Orang ini bukan anggota grup.'],
  [/became the supergroup/, 'Grup ini sudah menjadi supergrup.'],
  [/moved ahead only/, 'Jam hanya dapat maju, paling jauh sepuluh tahun.'],
  [/no such point/, 'Koordinat itu tidak ada di bumi.'],
  [/title is missing|name is missing/, 'Namanya kosong atau terlalu panjang.'],
];

// refusal words why the simulator refused; what it does not know it quotes.
export function refusal(description, status) {
  if (!description) return `Simulator menolak (${status}).`;
  const known = refusals.find(([form]) => form.test(description));
  return known ? known[1] : `Simulator menolak: ${description}`;
}
