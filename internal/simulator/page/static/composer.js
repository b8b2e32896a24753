// The lower edge of a phone: the field for texts, files, commands, and the
// bot's reply keyboard; or the button to start or to unblock.
import { chooseLocation, confirmPhone, fileDialog } from './dialogs.js';
import * as api from './api.js';
import { h, icon, iconButton, menu, styleOf } from './dom.js';
import { nameOf, summary } from './words.js';

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.target = null; // the message replied to or edited: {message, edit}
    this.hiddenFor = 0; // the message whose one-time keyboard was used or folded
    this.build();
  }

  build() {
    const who = nameOf(this.phone.user);
    this.banner = h('div', { class: 'banner', hidden: true });
    this.input = h('textarea', {
      rows: 1, class: 'input', placeholder: 'Tulis pesan', 'aria-label': `Pesan dari ${who}`, enterkeyhint: 'send',
      oninput: () => this.typed(), onkeydown: (event) => this.keyed(event), onbeforeinput: (event) => this.entering(event), onpaste: (event) => this.pasted(event),
    });
    this.suggestions = h('div', { class: 'suggestions', hidden: true, role: 'group', 'aria-label': 'Perintah bot' });
    this.commandButton = iconButton('slash', 'Daftar perintah', () => this.showCommands(''), { class: 'btn icon commands-button' });
    this.attachButton = iconButton('clip', 'Lampirkan', () => this.attach(), { 'aria-haspopup': 'menu' });
    this.keysButton = iconButton('keyboard', 'Tampilkan atau sembunyikan tombol bot', () => this.toggleKeys(), { hidden: true, 'aria-expanded': 'false' });
    this.sendButton = iconButton('send', 'Kirim', () => this.submit(), { class: 'btn icon send' });
    this.keys = h('div', { class: 'reply-keys', role: 'group', 'aria-label': 'Tombol balasan', hidden: true });
    this.line = h('div', { class: 'composer-line' }, this.commandButton, this.input, this.keysButton, this.attachButton, this.sendButton);
    this.big = h('button', { type: 'button', class: 'btn big-button', hidden: true });
    this.root = h('footer', { class: 'composer' }, this.suggestions, this.banner, this.line, this.keys, this.big,
      this.picker('photo', 'image/*', true), this.picker('document', null, true),
      this.picker('voice', 'audio/*', false), this.picker('sticker', 'image/webp,image/png', false));
  }

  reset() {
    this.cancelTarget();
    this.input.value = '';
    this.hiddenFor = 0;
    this.refresh();
  }

  // refresh chooses what the lower edge shows.
  refresh() {
    const { phone } = this;
    const fresh = phone.loaded && !phone.inGroup && phone.history.messages.size === 0;
    const big = phone.blocked && !phone.inGroup ? 'Buka blokir' : fresh ? 'MULAI' : '';
    this.big.hidden = !big;
    this.line.hidden = Boolean(big);
    this.big.textContent = big;
    this.big.onclick = () => (phone.blocked ? phone.setBlocked(false) : phone.start());
    this.drawKeys(Boolean(big));
  }

  drawKeys(covered) {
    const found = this.phone.history.keyboard();
    const rows = found?.markup.keyboard;
    if (found?.markup.force_reply && this.forced !== found.message.message_id) {
      this.forced = found.message.message_id;
      this.replyTo(found.message);
    }
    this.input.placeholder = (rows || found?.markup.force_reply) && found.markup.input_field_placeholder || 'Tulis pesan';
    this.current = rows ? found : null;
    const shown = Boolean(rows) && !covered && this.hiddenFor !== found.message.message_id;
    this.keysButton.hidden = !rows;
    this.keysButton.setAttribute('aria-expanded', String(shown));
    this.keys.hidden = !shown;
    this.keys.classList.toggle('compact', Boolean(found?.markup.resize_keyboard));
    const sign = shown ? JSON.stringify(rows) : '';
    if (sign === this.keysSign) return;
    this.keysSign = sign;
    this.keys.replaceChildren(...(shown ? rows : []).map((row) => h('div', { class: 'reply-row' }, row.map((key) => this.key(key)))));
  }

  key(raw) {
    const button = typeof raw === 'string' ? { text: raw } : raw;
    const sign = button.request_contact ? 'phone' : button.request_location ? 'pin' : button.web_app ? 'photo' : null;
    return h('button', { type: 'button', class: `reply-key ${styleOf(button)}`, onclick: () => this.pressKey(button) }, sign && icon(sign), h('span', null, button.text));
  }

  async pressKey(button) {
    const used = this.current;
    if (!(await this.phone.presses.reply(button))) return;
    if (used?.markup.one_time_keyboard) this.hiddenFor = used.message.message_id;
    this.refresh();
  }

  toggleKeys() {
    if (!this.current) return;
    this.hiddenFor = this.keys.hidden ? 0 : this.current.message.message_id;
    this.refresh();
  }

  typed() {
    this.input.style.height = 'auto';
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
    const value = this.input.value;
    if (/^\/\w*$/.test(value)) this.showCommands(value.slice(1));
    else this.hideCommands();
  }

  // entering keeps line breaks out unless Shift is held: Enter sends.
  entering(event) {
    if (['insertLineBreak', 'insertParagraph'].includes(event.inputType) && !this.shifted) event.preventDefault();
  }

  keyed(event) {
    this.shifted = event.shiftKey;
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === 'Escape') {
      if (this.suggestions.hidden) this.cancelTarget();
      else this.hideCommands();
    } else if (event.key === 'ArrowUp' && !this.suggestions.hidden) {
      event.preventDefault();
      this.suggestions.lastElementChild?.focus();
    }
  }

  pasted(event) {
    const files = [...(event.clipboardData?.files || [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.offerFiles(files);
  }

  hideCommands() {
    this.suggestions.hidden = true;
    this.commandButton.setAttribute('aria-expanded', 'false');
  }

  async showCommands(prefix) {
    if (prefix === '' && !this.suggestions.hidden && this.input.value === '') {
      this.hideCommands();
      return;
    }
    const { value } = this.input;
    const answer = await this.phone.attempt(() => api.bot(this.phone.user));
    if (this.input.value !== value) return; // typed on or sent meanwhile
    const all = (answer?.commands || []).filter((c) => c.command.startsWith(prefix.toLowerCase()));
    if (all.length === 0 && prefix !== '') {
      this.hideCommands();
      return;
    }
    const items = all.map((c) => h('button', { type: 'button', onclick: () => this.runCommand(c.command) }, h('b', null, `/${c.command}`), h('span', null, c.description)));
    this.suggestions.replaceChildren(...(items.length ? items : [h('p', null, 'Bot belum mendaftarkan perintah.')]));
    this.suggestions.hidden = false;
    this.commandButton.setAttribute('aria-expanded', 'true');
  }

  runCommand(command) {
    this.hideCommands();
    this.input.value = '';
    const name = this.phone.inGroup ? `@${this.phone.world.bot.username}` : '';
    this.phone.send(`/${command}${name}`);
  }

  async submit() {
    const text = this.input.value.trim();
    this.hideCommands();
    if (text === '') {
      this.input.focus();
      return;
    }
    const { target } = this;
    this.input.value = '';
    this.typed();
    this.cancelTarget();
    const sent = target?.edit
      ? await this.phone.attempt(() => this.phone.api.edit(target.message.message_id, text, this.phone.place()).then(() => true))
      : await this.phone.send(text, target ? { reply_to: target.message.message_id } : {});
    if (sent === undefined && this.input.value === '') this.input.value = text; // nothing typed is lost
  }

  replyTo(message) {
    this.setTarget(message, false, `Membalas ${nameOf(message.from)}`);
  }

  editing(message) {
    this.setTarget(message, true, 'Mengedit pesan');
    this.input.value = message.text || message.caption;
    this.typed();
  }

  setTarget(message, edit, title) {
    this.target = { message, edit };
    this.banner.replaceChildren(icon(edit ? 'edit' : 'reply'), h('div', null, h('b', null, title), h('span', null, summary(message))),
      iconButton('close', 'Batalkan', () => this.cancelTarget()));
    this.banner.hidden = false;
    this.input.focus({ preventScroll: true });
  }

  cancelTarget() {
    if (this.target?.edit) this.input.value = '';
    this.target = null;
    this.banner.hidden = true;
  }

  picker(kind, accept, multiple) {
    const input = h('input', { type: 'file', accept, multiple, hidden: true, 'data-kind': kind, 'aria-label': kind });
    input.addEventListener('change', () => {
      const files = [...input.files];
      input.value = ''; // so that the same file can be chosen again
      this.offerFiles(files, kind);
    });
    return input;
  }

  attach() {
    const pick = (kind) => () => this.root.querySelector(`[data-kind="${kind}"]`).click();
    menu(this.attachButton, [
      ['photo', 'Foto', pick('photo')],
      ['file', 'Berkas', pick('document')],
      ['pin', 'Lokasi', () => this.sendLocation()],
      ['phone', 'Nomor saya', () => this.sendContact()],
      ['mic', 'Pesan suara (berkas)', pick('voice')],
      ['sticker', 'Stiker (berkas)', pick('sticker')],
    ], 'Lampirkan');
  }

  // where is the place of the next message; a reply is used up by it.
  where() {
    const { target } = this;
    if (target && !target.edit) this.cancelTarget();
    return this.phone.place(target && !target.edit ? { reply_to: target.message.message_id } : {});
  }

  // offerFiles asks for a caption and sends; pictures go as photos unless asked otherwise.
  async offerFiles(files, kind) {
    if (files.length === 0) return;
    const guess = kind || (files.every((f) => f.type.startsWith('image/')) ? 'photo' : 'document');
    const send = (chosen, caption) => this.phone.api.files(guess, chosen, { ...this.where(), ...(caption ? { caption } : {}) });
    if (guess === 'voice' || guess === 'sticker') await this.phone.attempt(() => send(files));
    else await fileDialog(files, guess, send);
  }

  async sendLocation() {
    const spot = await chooseLocation('Kirim lokasi');
    if (spot) await this.phone.attempt(() => this.phone.api.location({ ...this.where(), ...spot }));
  }

  async sendContact() {
    if (await confirmPhone(this.phone)) await this.phone.attempt(() => this.phone.api.contact(this.where()));
  }
}
