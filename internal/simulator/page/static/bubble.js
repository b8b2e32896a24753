// One message as a bubble, with its keyboard and its menu.
import { h, icon, iconButton, menu, styleOf } from './dom.js';
import { contentOf, serviceText } from './content.js';
import { formatted } from './text.js';
import { momentOf, nameOf, hue, summary, timeOf } from './words.js';

function originOf(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = origin.sender_user_name || nameOf(origin.sender_user || origin.sender_chat || origin.chat);
  return h('p', { class: 'forwarded' }, 'Diteruskan dari ', h('b', null, name));
}

function replyOf(message, phone) {
  const target = message.reply_to_message;
  if (!target || target.forum_topic_created) return null; // every message of a topic answers its first
  return h('button', { type: 'button', class: 'replied', onclick: () => phone.showMessage(target.message_id) },
    h('b', null, nameOf(target.from || target.chat)), h('span', null, message.quote?.text || summary(target)));
}

function textOf(message, phone) {
  const text = message.text || message.caption || '';
  if (!text) return null;
  const on = { command: (command) => phone.send(command), link: (url) => phone.presses.followLink(url) };
  return h('div', { class: 'text', dir: 'auto' }, formatted(text, message.entities || message.caption_entities, on));
}

// signOf is the small icon of buttons that do something other than ask the bot.
function signOf(button) {
  if (button.url || button.login_url) return 'link';
  if (button.copy_text) return 'copy';
  if (button.web_app) return 'photo';
  return null;
}

function inlineKeyboard(message, phone) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  let index = 0;
  return h('div', { class: 'keys', role: 'group', 'aria-label': 'Tombol pesan' }, rows.map((row) => h('div', { class: 'keys-row' },
    row.map((button) => {
      const at = index++;
      const sign = signOf(button);
      const busy = phone.presses.isBusy(message.message_id, at);
      return h('button', {
        type: 'button', class: `key ${styleOf(button)}${busy ? ' busy' : ''}`, 'aria-busy': String(busy), 'data-index': at,
        onclick: () => phone.presses.inline(message, button, at),
      }, h('span', null, button.text), sign && icon(sign));
    }))));
}

function meta(message) {
  const time = h('time', { datetime: new Date(message.date * 1000).toISOString(), title: momentOf(message.date) }, timeOf(message.date));
  return h('span', { class: 'meta' }, message.edit_date ? 'diedit ' : null, time);
}

function actions(message, mine, phone) {
  const button = iconButton('more', 'Tindakan pesan', () => menu(button, [
    ['reply', 'Balas', () => phone.reply(message)],
    mine && (message.text || message.caption) && !message.forward_origin && ['edit', 'Edit', () => phone.edit(message)],
    ['forward', 'Teruskan ke bot', () => phone.forward(message)],
    (message.text || message.caption) && ['copy', 'Salin teks', () => phone.copy(message.text || message.caption)],
  ], 'Tindakan pesan'), { 'aria-haspopup': 'menu', class: 'btn icon bubble-menu' });
  return button;
}

// partOf is the inside of a bubble that belongs to one message.
function partOf(message, phone) {
  const content = contentOf(message, phone.api);
  const text = textOf(message, phone);
  return message.show_caption_above_media ? [text, content] : [content, text];
}

// bubble draws one message, or the several of an album as one.
export function bubble(messages, phone) {
  const first = messages[0];
  const last = messages[messages.length - 1];
  const service = serviceText(first);
  if (service) return h('div', { class: 'service', 'data-id': first.message_id }, h('span', null, service));
  const mine = first.from?.id === phone.id;
  const group = first.chat?.type !== 'private' && !mine;
  const bare = first.sticker && !first.reply_to_message;
  const pictures = messages.length > 1 && messages.every((m) => m.photo || m.video);
  const parts = pictures
    ? [h('div', { class: `album album-${Math.min(messages.length, 4)}` }, messages.map((m) => contentOf(m, phone.api))), messages.map((m) => textOf(m, phone))]
    : messages.map((m) => partOf(m, phone));
  const known = parts.flat(Infinity).some(Boolean);
  const author = nameOf(first.from || first.sender_chat);
  const box = h('article', {
    class: `bubble${mine ? ' mine' : ''}${bare ? ' bare' : ''}${first.photo && !bare ? ' with-photo' : ''}`, 'data-id': first.message_id,
    'aria-label': mine ? 'Pesan Anda' : `Pesan ${author}`, tabindex: -1,
  },
  group && h('p', { class: 'author' }, author),
  originOf(first), replyOf(first, phone), parts,
  !known && h('p', { class: 'unknown' }, 'Jenis pesan ini tidak ditampilkan di simulator.'),
  meta(last));
  if (group) box.querySelector('.author').style.setProperty('--hue', hue(first.from?.id || 0));
  return h('div', { class: `row${mine ? ' mine' : ''}` },
    h('div', { class: 'stack' }, h('div', { class: 'line' }, box, actions(first, mine, phone)), inlineKeyboard(last, phone)));
}
