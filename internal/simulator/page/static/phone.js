// A phone: one person's chat with the bot, or a group both are in.
import * as api from './api.js';
import { bubble } from './bubble.js';
import { Composer } from './composer.js';
import { chooseTarget, confirmPhone, chooseLocation, webAppData } from './dialogs.js';
import { dialog, h, icon, iconButton, menu } from './dom.js';
import { History } from './history.js';
import { follow } from './live.js';
import { dayOf, hue, initials, languageOf, nameOf } from './words.js';

const typingFor = 5000; // as long as Telegram shows it
const deepLink = /^(?:https?:\/\/)?(?:t|telegram)\.me\/([A-Za-z0-9_]+)\?start=([\w-]{1,64})$/i;
const actions = {
  typing: 'sedang mengetik', upload_photo: 'sedang mengirim foto', upload_document: 'sedang mengirim berkas',
  find_location: 'sedang mencari lokasi', choose_sticker: 'sedang memilih stiker', record_voice: 'sedang merekam suara',
};

export class Phone {
  // world knows the bot, all open phones and how to close one.
  constructor(user, world) {
    this.user = user;
    this.world = world;
    this.id = user.id;
    this.chatID = user.id;
    this.chats = [];
    this.blocked = Boolean(user.blocked);
    this.api = api.person(user.id);
    this.history = new History();
    this.pressed = new Set();
    this.drawn = new Map(); // block key → {sign, node}
    this.loaded = false;
    this.build();
    this.unfollow = follow(this.id, this.listeners());
  }

  listeners() {
    return {
      reload: () => this.reload(),
      message: (m) => this.arrived(m),
      edit: (m) => this.arrived(m),
      delete: (d) => {
        if (this.isHere(d.chat_id) && this.history.remove(d.message_ids || [d.message_id])) this.draw();
      },
      clear: (c) => { if (this.isHere(c.chat_id)) this.reload(); },
      typing: (t) => { if (this.isHere(t.chat_id)) this.showTyping(t.action); },
      answer: (a) => this.showAnswer(a),
    };
  }

  close() {
    this.unfollow();
    this.root.remove();
  }

  isHere(chatID) {
    return chatID === undefined || chatID === this.chatID;
  }

  get inGroup() {
    return this.chatID !== this.id;
  }

  build() {
    const name = nameOf(this.user);
    this.log = h('div', { class: 'log', role: 'log', 'aria-label': `Percakapan ${name}`, tabindex: 0, onscroll: () => this.scrolled() });
    this.jump = iconButton('down', 'Ke pesan terbaru', () => this.toEnd(), { class: 'btn icon jump', hidden: true });
    this.status = h('p', { class: 'peer-status' }, 'bot');
    this.peerName = h('h3', null, '…');
    this.peerAvatar = h('span', { class: 'avatar bot-avatar', 'aria-hidden': 'true' });
    this.chatSelect = h('select', { class: 'chat-select', 'aria-label': 'Pilih percakapan', hidden: true, onchange: () => this.openChat(Number(this.chatSelect.value)) });
    this.toasts = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });
    this.composer = new Composer(this);
    const avatar = h('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(name));
    this.menuButton = iconButton('more', `Menu ${name}`, () => this.openMenu(), { 'aria-haspopup': 'menu' });
    this.root = h('section', { class: 'phone', id: `phone-${this.id}`, 'aria-label': `Ponsel ${name}`, 'data-user': this.id },
      h('header', { class: 'owner' }, avatar,
        h('div', { class: 'owner-name' }, h('h2', null, name), h('p', null, languageOf(this.user.language_code))),
        this.menuButton,
        iconButton('close', `Tutup ponsel ${name}`, () => this.world.closePhone(this.id))),
      h('header', { class: 'peer' }, this.peerAvatar, h('div', { class: 'peer-name' }, this.peerName, this.status), this.chatSelect),
      h('div', { class: 'stage' }, this.log, this.jump, this.toasts),
      this.composer.root);
    this.root.style.setProperty('--hue', hue(this.id));
    this.acceptFiles();
    this.showPeer();
  }

  acceptFiles() {
    this.root.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.root.classList.add('dropping');
    });
    this.root.addEventListener('dragleave', () => this.root.classList.remove('dropping'));
    this.root.addEventListener('drop', (event) => {
      event.preventDefault();
      this.root.classList.remove('dropping');
      this.composer.offerFiles([...event.dataTransfer.files]);
    });
  }

  showPeer() {
    const chat = this.chats.find((c) => c.id === this.chatID);
    const name = this.inGroup ? nameOf(chat) : this.world.bot.first_name || 'Bot';
    this.peerName.textContent = name;
    this.peerAvatar.textContent = initials(name);
    this.status.textContent = this.inGroup ? 'grup' : 'bot';
  }

  openMenu() {
    const other = this.world.phones().filter((p) => p !== this);
    menu(this.menuButton, [
      this.blocked ? ['block', 'Buka blokir bot', () => this.setBlocked(false)] : ['block', 'Blokir bot', () => this.setBlocked(true)],
      ['trash', 'Hapus percakapan', () => this.deleteChat(), true],
      other.length > 0 && ['people', 'Buat grup…', () => this.world.makeGroup(this)],
      ['close', 'Tutup ponsel ini', () => this.world.closePhone(this.id)],
    ], `Menu ${nameOf(this.user)}`);
  }

  // attempt runs a call and shows what went wrong.
  async attempt(run) {
    try {
      return await run();
    } catch (error) {
      this.toast(error.message, 'bad');
      return undefined;
    }
  }

  async setBlocked(blocked) {
    await this.attempt(async () => {
      await (blocked ? this.api.block() : this.api.unblock());
      this.blocked = blocked;
      this.toast(blocked ? 'Bot diblokir.' : 'Blokir dibuka.');
      this.composer.refresh();
    });
  }

  async deleteChat() {
    const sure = await dialog('Hapus percakapan?', h('p', null, 'Semua pesan hilang dari ponsel ini. Bot tidak diberi tahu.'), { submit: 'Hapus' });
    if (!sure) return;
    await this.attempt(async () => {
      await this.api.deleteChat();
      await this.reload();
    });
  }

  // reload takes everything anew from the simulator.
  async reload() {
    const chat = this.chatID;
    const first = !this.loaded;
    const history = this.history;
    try {
      await history.reload(() => this.api.messages(chat));
    } catch (error) {
      if (error.status === 404) this.toast('Orang ini tidak dikenal lagi oleh simulator.', 'bad');
      return;
    }
    if (history !== this.history) return;
    this.loaded = true;
    this.draw(first);
    this.loadChats();
  }

  async loadChats() {
    try {
      this.chats = await this.api.chats();
    } catch {
      return;
    }
    this.chatSelect.hidden = this.chats.length < 2;
    this.chatSelect.replaceChildren(...this.chats.map((c) =>
      h('option', { value: c.id, selected: c.id === this.chatID }, c.type === 'private' ? this.world.bot.first_name || 'Bot' : nameOf(c))));
    this.showPeer();
  }

  async openChat(id) {
    this.chatID = id;
    this.history = new History();
    this.loaded = false;
    this.drawn.clear();
    this.log.replaceChildren();
    this.composer.reset();
    this.showPeer();
    await this.reload();
  }

  arrived(message) {
    if (!message?.message_id || !this.isHere(message.chat?.id)) return;
    const fresh = !this.history.get(message.message_id);
    if (!this.history.put(message)) return;
    if (fresh && message.from?.id !== this.id) this.showTyping(null);
    this.draw(fresh && message.from?.id === this.id);
  }

  // draw brings the log in line with the history, touching only what changed.
  draw(toEnd) {
    const atEnd = toEnd || this.isAtEnd();
    const nodes = [];
    const kept = new Map();
    let day = '';
    for (const block of this.history.blocks()) {
      const first = block.messages[0];
      const today = dayOf(first.date);
      if (today !== day) nodes.push(this.dayLine(kept, today));
      day = today;
      const key = first.message_id;
      const sign = block.sign + [...this.pressed].filter((p) => p.startsWith(`${block.messages[block.messages.length - 1].message_id}:`)).join();
      const old = this.drawn.get(key);
      const node = old?.sign === sign ? old.node : this.replaced(old?.node, bubble(block.messages, this));
      kept.set(key, { sign, node });
      nodes.push(node);
    }
    this.drawn = kept;
    this.arrange(nodes);
    this.composer.refresh();
    if (atEnd) this.toEnd();
    else this.jump.hidden = false;
  }

  // replaced keeps the keyboard focus when a bubble is drawn again.
  replaced(old, node) {
    if (old?.contains(document.activeElement)) {
      const index = document.activeElement.dataset.index;
      queueMicrotask(() => node.querySelector(index === undefined ? '.bubble' : `[data-index="${index}"]`)?.focus({ preventScroll: true }));
    }
    return node;
  }

  dayLine(kept, text) {
    const key = `day ${text}`;
    const node = this.drawn.get(key)?.node || h('div', { class: 'day' }, h('span', null, text));
    kept.set(key, { node });
    return node;
  }

  arrange(nodes) {
    if (nodes.length === 0) {
      this.log.replaceChildren(this.loaded ? this.emptyChat() : h('p', { class: 'waiting' }, 'Memuat…'));
      return;
    }
    const wanted = new Set(nodes);
    for (const child of [...this.log.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, i) => { if (this.log.children[i] !== node) this.log.insertBefore(node, this.log.children[i] || null); });
  }

  emptyChat() {
    const name = this.world.bot.first_name || 'bot ini';
    return h('div', { class: 'empty' }, h('span', { class: 'avatar big bot-avatar', 'aria-hidden': 'true' }, initials(name)),
      h('h3', null, name), h('p', null, this.inGroup ? 'Belum ada pesan di grup ini.' : `Tekan MULAI untuk bercakap dengan ${name}.`));
  }

  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }

  scrolled() {
    if (this.isAtEnd()) this.jump.hidden = true;
  }

  toEnd() {
    this.jump.hidden = true;
    requestAnimationFrame(() => { this.log.scrollTop = this.log.scrollHeight; });
    // Pictures grow the log when they have come.
    for (const image of this.log.querySelectorAll('img')) {
      if (!image.complete) image.addEventListener('load', () => { if (this.jump.hidden) this.log.scrollTop = this.log.scrollHeight; }, { once: true });
    }
  }

  showMessage(id) {
    const node = this.log.querySelector(`[data-id="${Number(id)}"]`);
    if (!node) return;
    node.scrollIntoView({ block: 'center', behavior: 'smooth' });
    node.classList.add('flash');
    setTimeout(() => node.classList.remove('flash'), 1200);
  }

  showTyping(action) {
    clearTimeout(this.typingTimer);
    this.status.classList.toggle('busy', Boolean(action));
    if (!action) {
      this.showPeer();
      return;
    }
    this.status.textContent = `${actions[action] || actions.typing}…`;
    this.typingTimer = setTimeout(() => this.showTyping(null), typingFor);
  }

  toast(text, kind) {
    const node = h('div', { class: `toast ${kind || ''}` }, text);
    this.toasts.append(node);
    setTimeout(() => node.remove(), kind === 'bad' ? 6000 : 3500);
  }

  // showAnswer shows a callback's answer once, though it comes twice: as the
  // reply to the press and as an event.
  showAnswer(answer) {
    if (!answer || (!answer.text && !answer.url)) return;
    const sign = JSON.stringify([answer.text, answer.show_alert, answer.url]);
    if (this.lastAnswer?.sign === sign && Date.now() - this.lastAnswer.at < 1500) return;
    this.lastAnswer = { sign, at: Date.now() };
    if (answer.text && answer.show_alert) dialog(this.world.bot.first_name || 'Bot', h('p', { class: 'alert-text' }, answer.text), { cancel: 'OK' });
    else if (answer.text) this.toast(answer.text);
    if (answer.url) this.open(answer.url);
  }

  place(extra) {
    return this.inGroup ? { chat_id: this.chatID, ...extra } : { ...extra };
  }

  async send(text, extra) {
    const message = await this.attempt(() => this.api.text(text, this.place(extra)));
    if (message?.message_id) this.arrived(message);
    return message;
  }

  async start(payload) {
    await this.attempt(() => this.api.start(payload));
  }

  isPressed(messageID, index) {
    return this.pressed.has(`${messageID}:${index}`);
  }

  async pressInline(message, button, index) {
    if (button.url || button.login_url) return this.open(button.url || button.login_url.url);
    if (button.copy_text) return this.copy(button.copy_text.text);
    if (button.web_app) return this.open(button.web_app.url);
    if (button.callback_data === undefined) return this.toast('Tombol ini tidak didukung simulator.', 'bad');
    const key = `${message.message_id}:${index}`;
    if (this.pressed.has(key)) return undefined;
    this.pressed.add(key);
    this.draw();
    const result = await this.attempt(() => this.api.press(this.place({ message_id: message.message_id, button: index })));
    this.pressed.delete(key);
    this.draw();
    this.showAnswer(result?.answer);
    return undefined;
  }

  // pressReply presses a key of the reply keyboard.
  async pressReply(button) {
    const what = this.place({ text: button.text });
    if (button.request_contact && !(await confirmPhone(this))) return false;
    if (button.request_location) {
      const spot = await chooseLocation('Bagikan lokasi');
      if (!spot) return false;
      Object.assign(what, spot);
    }
    if (button.web_app) {
      const data = await webAppData(button);
      if (data === undefined) return false;
      what.web_app_data = data;
    }
    return (await this.attempt(async () => { await this.api.press(what); return true; })) || false;
  }

  open(url) {
    if (this.followLink(url)) return;
    if (/^https?:/i.test(url)) window.open(url, '_blank', 'noopener,noreferrer');
    else this.toast(`Tautan: ${url}`);
  }

  // followLink takes links that start this bot; the browser opens the others.
  followLink(url) {
    const found = url.match(deepLink);
    if (!found || found[1].toLowerCase() !== (this.world.bot.username || '').toLowerCase()) return false;
    this.start(found[2]);
    return true;
  }

  reply(message) {
    this.composer.replyTo(message);
  }

  edit(message) {
    this.composer.editing(message);
  }

  async forward(message) {
    const to = await chooseTarget(this, this.world.phones());
    if (to) await to.attempt(() => to.api.forward(message.message_id, this.id));
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast('Disalin.');
    } catch {
      this.toast(text);
    }
  }
}
