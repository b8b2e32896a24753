// What a message holds besides its text: pictures, files, places, cards.
import { dialog, h, icon } from './dom.js';
import { durationOf, nameOf, sizeOf } from './words.js';

// enlarge shows a picture over the whole window.
function enlarge(url, name) {
  const image = h('img', { src: url, alt: name });
  dialog('Foto', h('div', { class: 'lightbox' }, image,
    h('a', { class: 'btn', href: url, download: name }, icon('download'), 'Unduh')), { cancel: 'Tutup', wide: true });
}

function photo(message, api) {
  const size = message.photo[message.photo.length - 1];
  const url = api.fileURL(size.file_id);
  const image = h('img', { src: url, alt: message.caption || 'Foto', loading: 'lazy', width: size.width, height: size.height });
  const box = h('button', {
    type: 'button', class: message.has_media_spoiler ? 'picture hidden-media' : 'picture', 'aria-label': 'Lihat foto',
    onclick: () => {
      if (box.classList.contains('hidden-media')) box.classList.remove('hidden-media');
      else enlarge(url, 'foto.jpg');
    },
  }, image);
  return box;
}

function file(document, api, fallback) {
  const name = document.file_name || fallback;
  const kind = (name.match(/\.([a-z0-9]{1,4})$/i) || ['', ''])[1];
  return h('a', { class: 'file', href: api.fileURL(document.file_id), download: name },
    h('span', { class: 'file-kind', 'aria-hidden': 'true' }, kind || icon('file')),
    h('span', { class: 'file-text' }, h('span', { class: 'file-name' }, name),
      h('small', null, [sizeOf(document.file_size), 'unduh'].filter(Boolean).join(' · '))));
}

function playable(tag, media, api) {
  return h('div', { class: 'media' },
    h(tag, { src: api.fileURL(media.file_id), controls: true, preload: 'metadata', 'aria-label': tag === 'video' ? 'Video' : 'Suara' }),
    media.duration ? h('small', null, durationOf(media.duration)) : null);
}

function sticker(message, api) {
  const s = message.sticker;
  if (s.is_animated || s.is_video) return h('div', { class: 'sticker' }, s.emoji || '🙂');
  const image = h('img', { src: api.fileURL(s.file_id), alt: `Stiker ${s.emoji || ''}` });
  image.addEventListener('error', () => image.replaceWith(s.emoji || '🙂'));
  return h('div', { class: 'sticker' }, image);
}

function spot(location, title, address) {
  const at = `${location.latitude.toFixed(5)}, ${location.longitude.toFixed(5)}`;
  const map = `https://www.openstreetmap.org/?mlat=${location.latitude}&mlon=${location.longitude}#map=15/${location.latitude}/${location.longitude}`;
  return h('a', { class: 'spot', href: map, target: '_blank', rel: 'noopener noreferrer' },
    h('span', { class: 'spot-map', 'aria-hidden': 'true' }, icon('pin')),
    h('span', { class: 'spot-text' }, h('b', null, title || 'Lokasi'), address && h('span', null, address), h('small', null, at)));
}

function card(contact) {
  const phone = contact.phone_number.startsWith('+') ? contact.phone_number : `+${contact.phone_number}`;
  return h('div', { class: 'card' }, h('span', { class: 'card-icon' }, icon('phone')),
    h('span', null, h('b', null, nameOf(contact)), h('a', { href: `tel:${phone}` }, phone)));
}

// contentOf gives the node of a message's media, or null.
export function contentOf(message, api) {
  if (message.photo?.length) return photo(message, api);
  if (message.animation) return playable('video', message.animation, api);
  if (message.document) return file(message.document, api, 'berkas');
  if (message.voice) return playable('audio', message.voice, api);
  if (message.audio) return playable('audio', message.audio, api);
  if (message.video) return playable('video', message.video, api);
  if (message.video_note) return playable('video', message.video_note, api);
  if (message.sticker) return sticker(message, api);
  if (message.venue) return spot(message.venue.location, message.venue.title, message.venue.address);
  if (message.location) return spot(message.location);
  if (message.contact) return card(message.contact);
  return null;
}

// serviceText words the messages that nobody wrote; '' for all others.
export function serviceText(message) {
  const who = nameOf(message.from);
  if (message.new_chat_members) return `${message.new_chat_members.map(nameOf).join(', ')} bergabung`;
  if (message.left_chat_member) return `${nameOf(message.left_chat_member)} keluar`;
  if (message.group_chat_created || message.supergroup_chat_created) return `${who} membuat grup`;
  if (message.new_chat_title) return `${who} mengganti nama grup menjadi “${message.new_chat_title}”`;
  if (message.pinned_message) return `${who} menyematkan pesan`;
  if (message.forum_topic_created) return `${who} membuat topik “${message.forum_topic_created.name}”`;
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return 'Grup menjadi supergrup';
  if (message.web_app_data) return `Data dari “${message.web_app_data.button_text}” dikirim ke bot`;
  if (message.users_shared || message.chat_shared) return 'Kontak dibagikan ke bot';
  return '';
}
