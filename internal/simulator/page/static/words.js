// Small texts: names, times, sizes.

const zone = 'Asia/Jakarta';
const hour = new Intl.DateTimeFormat('id-ID', { hour: '2-digit', minute: '2-digit', timeZone: zone });
const day = new Intl.DateTimeFormat('id-ID', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: zone });
const full = new Intl.DateTimeFormat('id-ID', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone });
const short = new Intl.DateTimeFormat('id-ID', { weekday: 'short', day: 'numeric', month: 'short', timeZone: zone });

export const shortDayOf = (unix) => short.format(new Date(unix * 1000));
export const timeOf = (unix) => hour.format(new Date(unix * 1000));
export const dayOf = (unix) => day.format(new Date(unix * 1000));
export const momentOf = (unix) => `${full.format(new Date(unix * 1000))} WIB`;

export const nameOf = (user) => [user?.first_name, user?.last_name].filter(Boolean).join(' ') || user?.title || 'Tanpa nama';

export const languages = { id: 'Bahasa Indonesia', en: 'Inggris', su: 'Sunda', jv: 'Jawa', ar: 'Arab', zh: 'Tionghoa' };

export const languageOf = (code) => languages[code] || code || 'Bahasa tidak diketahui';

export function sizeOf(bytes) {
  if (!bytes) return '';
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toLocaleString('id-ID', { maximumFractionDigits: 1 })} MB`;
}

export function durationOf(seconds) {
  const s = Math.max(0, Math.round(seconds || 0));
  return `${Math.floor(s / 60)}.${String(s % 60).padStart(2, '0')}`;
}

// initials stand for a face.
export function initials(name) {
  const parts = name.trim().split(/\s+/);
  return [parts[0], parts.length > 1 ? parts[parts.length - 1] : ''].map((part) => Array.from(part)[0] || '').join('').toUpperCase();
}

const hues = [205, 268, 335, 18, 160, 295, 188, 232];

// hue gives everybody a colour of their own, the same after a reload.
export function hue(id) {
  return hues[Math.abs(Number(id)) % hues.length];
}

// summary is one line about a message, for replies and lists.
export function summary(message) {
  if (!message) return 'Pesan';
  const text = (message.text || message.caption || '').replaceAll('\n', ' ');
  if (text) return Array.from(text).slice(0, 90).join('');
  const kinds = {
    photo: 'Foto', document: 'Berkas', location: 'Lokasi', venue: 'Tempat', contact: 'Kontak', voice: 'Pesan suara',
    sticker: 'Stiker', video: 'Video', animation: 'Animasi', audio: 'Audio', web_app_data: 'Data aplikasi mini',
  };
  for (const [key, word] of Object.entries(kinds)) if (message[key]) return message.document?.file_name || word;
  return 'Pesan';
}
