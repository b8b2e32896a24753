// The windows that ask for something.
import { dialog, field, h, iconButton } from './dom.js';
import { places } from './places.js';
import { languages, nameOf, sizeOf } from './words.js';

// personForm asks for a new person and makes it with send(user).
export function personForm(send) {
  const first = field('Nama depan', { name: 'first_name', required: true, maxlength: 64, autocomplete: 'off', placeholder: 'Siti' });
  const last = field('Nama belakang', { name: 'last_name', maxlength: 64, autocomplete: 'off', placeholder: 'Aminah' });
  const phone = field('Nomor telepon', { name: 'phone_number', type: 'tel', autocomplete: 'off', placeholder: '+62 812 3456 7890', pattern: '[+0-9 ().\\-]{6,20}' }, 'Dipakai tombol “bagikan kontak”.');
  const username = field('Nama pengguna', { name: 'username', maxlength: 32, autocomplete: 'off', placeholder: 'siti_aminah', pattern: '@?[A-Za-z][A-Za-z0-9_]{3,31}' }, 'Boleh kosong, seperti kebanyakan orang.');
  const language = h('select', { name: 'language_code' }, Object.entries(languages).map(([code, name]) => h('option', { value: code }, name)));
  const body = h('div', { class: 'fields' }, h('div', { class: 'pair' }, first.node, last.node),
    h('label', { class: 'field' }, h('span', null, 'Bahasa aplikasi'), language), phone.node, username.node);
  const value = (input) => input.value.trim() || undefined;
  return dialog('Tambah orang', body, {
    submit: 'Tambah',
    send: () => send({
      first_name: value(first.input), last_name: value(last.input), username: value(username.input)?.replace(/^@/, ''),
      language_code: language.value, phone_number: value(phone.input)?.replace(/[^+0-9]/g, ''),
    }),
  });
}

// peopleList offers everybody the simulator knows; open(user) shows a phone.
export function peopleList(users, isOpen, open) {
  const rows = h('ul', { class: 'people' });
  const search = field('Cari', { type: 'search', autocomplete: 'off', oninput: () => draw() });
  let closeBox = () => {};
  const shown = 50;
  const draw = () => {
    const wanted = search.input.value.trim().toLowerCase();
    const found = users.filter((u) => `${nameOf(u)} ${u.username || ''} ${u.id}`.toLowerCase().includes(wanted));
    rows.replaceChildren(...found.slice(0, shown).map((u) => h('li', null, h('button', {
      type: 'button', class: 'person', disabled: isOpen(u.id), onclick: () => { open(u); closeBox(); },
    }, h('b', null, nameOf(u)), h('small', null, [u.username && `@${u.username}`, u.phone_number, isOpen(u.id) && 'sudah terbuka'].filter(Boolean).join(' · '))))));
    if (found.length > shown) rows.append(h('li', { class: 'hint' }, `… dan ${found.length - shown} lagi, persempit pencarian.`));
    if (found.length === 0) rows.append(h('li', { class: 'hint' }, 'Tidak ada yang cocok.'));
  };
  draw();
  const body = h('div', { class: 'fields' }, search.node, rows);
  body.closeDialog = (close) => { closeBox = close; };
  return dialog('Orang di simulator', body, { cancel: 'Tutup' });
}

// confirmPhone is Telegram's question before a number is shared.
export function confirmPhone(phone) {
  const number = phone.user.phone_number;
  return dialog('Bagikan nomor telepon?', h('p', null, number
    ? `Bot akan menerima nomor ${number} milik ${nameOf(phone.user)}.`
    : `Bot akan menerima nomor telepon ${nameOf(phone.user)}.`), { submit: 'Bagikan' });
}

// chooseLocation resolves to {latitude, longitude} or undefined.
export function chooseLocation(title) {
  const number = (label, name, limit) => field(label, { name, type: 'number', step: 'any', min: -limit, max: limit, required: true, inputmode: 'decimal' });
  const latitude = number('Lintang', 'latitude', 90);
  const longitude = number('Bujur', 'longitude', 180);
  const fill = (place) => {
    latitude.input.value = place[1];
    longitude.input.value = place[2];
    for (const button of chips.children) button.setAttribute('aria-pressed', String(button.textContent === place[0]));
  };
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'Tempat contoh' },
    places.map((place) => h('button', { type: 'button', class: 'chip', 'aria-pressed': 'false', onclick: () => fill(place) }, place[0])));
  fill(places[0]);
  return dialog(title, h('div', { class: 'fields' }, h('p', { class: 'hint' }, 'Pilih tempat atau isi koordinatnya.'), chips,
    h('div', { class: 'pair' }, latitude.node, longitude.node)), {
    submit: 'Kirim', send: () => ({ latitude: Number(latitude.input.value), longitude: Number(longitude.input.value) }),
  });
}

// webAppData stands for a mini app: the data it would send back.
export function webAppData(button) {
  const data = h('textarea', { rows: 5, required: true, 'aria-label': 'Data' });
  return dialog(`Aplikasi mini: ${button.text}`, h('div', { class: 'fields' },
    h('p', { class: 'hint' }, 'Simulator tidak membuka aplikasi mini. Tulis data yang akan dikirimkannya.'), data), { submit: 'Kirim', send: () => data.value });
}

// fileDialog shows the chosen files, asks for a caption and calls send(files, caption).
export function fileDialog(files, kind, send) {
  const chosen = [...files].slice(0, 10);
  const urls = [];
  const rows = h('ul', { class: 'previews' });
  const draw = () => rows.replaceChildren(...chosen.map((file, i) => {
    const image = kind === 'photo' || file.type.startsWith('image/');
    const url = image ? URL.createObjectURL(file) : null;
    if (url) urls.push(url);
    return h('li', null, url ? h('img', { src: url, alt: '' }) : h('span', { class: 'file-kind', 'aria-hidden': 'true' }, file.name.split('.').pop().slice(0, 4)),
      h('span', { class: 'file-text' }, h('span', { class: 'file-name' }, file.name), h('small', null, sizeOf(file.size) || '0 B')),
      chosen.length > 1 && iconButton('close', `Batalkan ${file.name}`, () => { chosen.splice(i, 1); draw(); }));
  }));
  draw();
  const caption = field('Keterangan', { name: 'caption', maxlength: 1024, autocomplete: 'off' });
  const title = kind === 'photo' ? `Kirim ${chosen.length > 1 ? 'album foto' : 'foto'}` : `Kirim ${chosen.length > 1 ? 'berkas-berkas' : 'berkas'}`;
  const note = files.length > 10 ? h('p', { class: 'hint' }, 'Satu album memuat paling banyak 10 berkas; sisanya tidak dikirim.') : null;
  return dialog(title, h('div', { class: 'fields' }, rows, note, caption.node), {
    submit: 'Kirim', send: () => send(chosen, caption.input.value.trim()),
  }).finally(() => urls.forEach((url) => URL.revokeObjectURL(url)));
}

// chooseTarget asks who forwards a message to the bot; alone it is the owner.
export async function chooseTarget(owner, phones) {
  if (phones.length < 2) return owner;
  const select = h('select', null, phones.map((p, i) => h('option', { value: i, selected: p === owner }, nameOf(p.user))));
  return dialog('Teruskan ke bot', h('div', { class: 'fields' }, h('label', { class: 'field' }, h('span', null, 'Diteruskan oleh'), select)), {
    submit: 'Teruskan', send: () => phones[Number(select.value)],
  });
}

// groupForm asks for a group's name and members; send(group) makes it.
export function groupForm(owner, phones, send) {
  const title = field('Nama grup', { name: 'title', required: true, maxlength: 128, autocomplete: 'off', placeholder: 'UMKM Serang' });
  const others = phones.filter((p) => p !== owner).map((p) => {
    const box = h('input', { type: 'checkbox', checked: true });
    return { phone: p, box, node: h('label', { class: 'check' }, box, nameOf(p.user)) };
  });
  const forum = h('input', { type: 'checkbox' });
  return dialog('Buat grup', h('div', { class: 'fields' }, title.node,
    h('fieldset', null, h('legend', null, 'Anggota'), h('p', { class: 'hint' }, `${nameOf(owner.user)} membuat grup dan menambahkan bot.`), others.map((o) => o.node),
      others.length === 0 && h('p', { class: 'hint' }, 'Buka ponsel orang lain dahulu agar dapat dijadikan anggota.')),
    h('label', { class: 'check' }, forum, 'Grup dengan topik (forum)')), {
    submit: 'Buat',
    send: () => send({
      title: title.input.value.trim(), members: [owner.id, ...others.filter((o) => o.box.checked).map((o) => o.phone.id)], forum: forum.checked || undefined,
    }),
  });
}

// topicForm asks for a topic's name; send(name) makes it.
export function topicForm(send) {
  const name = field('Nama topik', { name: 'topic', required: true, maxlength: 128, autocomplete: 'off' });
  return dialog('Buat topik', h('div', { class: 'fields' }, name.node), { submit: 'Buat', send: () => send(name.input.value.trim()) });
}

// clockPanel moves the simulator's clock; move(seconds) answers with the new time as text.
export function clockPanel(now, move) {
  const shown = h('p', { class: 'clock-time', role: 'status', 'aria-live': 'polite' }, now);
  const problem = h('p', { class: 'problem', role: 'alert' });
  const go = async (seconds) => {
    problem.textContent = '';
    try {
      shown.textContent = await move(seconds);
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  const step = (label, seconds) => h('button', { type: 'button', class: 'btn', onclick: () => go(seconds) }, label);
  const days = field('Hari lain', { type: 'number', min: 1, max: 3650, value: 30 });
  return dialog('Jam simulator', h('div', { class: 'fields' }, shown,
    h('p', { class: 'hint' }, 'Jam hanya dapat maju. Bot, pengingat, dan tenggat mengikutinya.'),
    h('div', { class: 'chips' }, step('Maju 10 menit', 600), step('Maju 1 jam', 3600), step('Maju 1 hari', 86400), step('Maju 7 hari', 7 * 86400)),
    h('div', { class: 'pair end' }, days.node, h('button', { type: 'button', class: 'btn', onclick: () => days.input.reportValidity() && go(days.input.value * 86400) }, 'Maju')),
    problem), { cancel: 'Tutup' });
}
