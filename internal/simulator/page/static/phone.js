// A phone: one person's chat with the bot, or a group both are in.
import * as api from './api.js';
import { Composer } from './composer.js';
import { chooseTarget, topicForm } from './dialogs.js';
import { dialog, h, iconButton, menu } from './dom.js';
import { History } from './history.js';
import { follow } from './live.js';
import { Log } from './log.js';
import { Presses } from './press.js';
import { hue, initials, languageOf, nameOf } from './words.js';

const drawAfter = 16; // milliseconds
const typingFor = 5000; // milliseconds, as long as Telegram shows it
const actions = {
  typing: 'sedang mengetik', upload_photo: 'sedang mengirim foto', upload_document: 'sedang mengirim berkas',
  find_location: 'sedang mencari lokasi', choose_sticker: 'sedang memilih stiker', record_voice: 'sedang merekam suara',
};

export class Phone {
  // world knows the bot, all open phones, and how to close one.
  constructor(user, world) {
    this.user = user;
    this.world = world;
    this.id = user.id;
    this.chatID = user.id;
    this.thread = 0; // the topic shown; 0: all
    this.chats = [];
    this.unread = new Set(); // other chats in which something came
    this.blocked = Boolean(user.blocked);
    this.api = api.person(user.id);
    this.history = new History();
    this.presses = new Presses(this);
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
      answer: (a) => this.presses.answered(a),
    };
  }

  close() {
    this.unfollow();
    clearTimeout(this.drawTimer);
    this.root.remove();
  }

  isHere(chatID) {
    return chatID === undefined || chatID === this.chatID;
  }

  isShown(message) {
    return this.thread === 0 || message.message_thread_id === this.thread;
  }

  get inGroup() {
    return this.chatID !== this.id;
  }

  get chat() {
    return this.chats.find((c) => c.id === this.chatID);
  }

  peerTitle() {
    return this.inGroup ? nameOf(this.chat) : this.world.bot.first_name || 'Bot';
  }

  build() {
    const name = nameOf(this.user);
    this.log = new Log(this);
    this.composer = new Composer(this);
    this.status = h('p', { class: 'peer-status' });
    this.peerName = h('h3');
    this.peerAvatar = h('span', { class: 'avatar bot-avatar', 'aria-hidden': 'true' });
    const select = (label, choose) => h('select', { class: 'chat-select', 'aria-label': label, hidden: true, onchange: (event) => choose(Number(event.target.value)) });
    this.chatSelect = select('Pilih percakapan', (id) => this.openChat(id));
    this.topicSelect = select('Pilih topik', (id) => this.openTopic(id));
    this.toasts = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });
    this.menuButton = iconButton('more', `Menu ${name}`, () => this.openMenu(), { 'aria-haspopup': 'menu' });
    this.root = h('section', { class: 'phone', id: `phone-${this.id}`, 'aria-label': `Ponsel ${name}`, 'data-user': this.id },
      h('header', { class: 'owner' }, h('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(name)),
        h('div', { class: 'owner-name' }, h('h2', null, name), h('p', null, [languageOf(this.user.language_code), this.user.phone_number].filter(Boolean).join(' · '))),
        this.menuButton, iconButton('close', `Tutup ponsel ${name}`, () => this.world.closePhone(this.id))),
      h('header', { class: 'peer' }, this.peerAvatar, h('div', { class: 'peer-name' }, this.peerName, this.status), this.chatSelect, this.topicSelect),
      h('div', { class: 'stage' }, this.log.node, this.log.jump, this.toasts),
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
    const title = this.peerTitle();
    this.peerName.textContent = title;
    this.peerAvatar.textContent = initials(title);
    this.status.textContent = this.inGroup ? `grup, ${(this.chat?.members?.length ?? 0) + 1} anggota` : 'bot';
  }

  openMenu() {
    menu(this.menuButton, [
      this.blocked ? ['block', 'Buka blokir bot', () => this.setBlocked(false)] : ['block', 'Blokir bot', () => this.setBlocked(true)],
      ['trash', 'Hapus percakapan', () => this.deleteChat(), true],
      ['people', 'Buat grup…', () => this.world.makeGroup(this)],
      this.chat?.is_forum && ['plus', 'Buat topik…', () => this.makeTopic()],
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
    const sure = await dialog('Hapus percakapan?', h('p', null, 'Semua pesan dengan bot hilang dari ponsel ini. Bot tidak diberi tahu.'), { submit: 'Hapus' });
    if (sure) await this.attempt(() => this.api.deleteChat());
  }

  async makeTopic() {
    await topicForm((name) => api.addTopic(this.chatID, name));
    await this.loadChats();
  }

  // reload takes everything anew from the simulator.
  async reload() {
    const { history, chatID } = this;
    const first = !this.loaded;
    try {
      await history.reload(() => this.api.messages(chatID));
    } catch (error) {
      if (error.status === 404) this.toast('Percakapan ini tidak dikenal lagi oleh simulator.', 'bad');
      return;
    }
    if (history !== this.history) return;
    this.loaded = true;
    this.draw(first);
    await this.loadChats();
  }

  async loadChats() {
    try {
      this.chats = await this.api.chats();
    } catch {
      return; // the next reload asks again
    }
    const option = (value, chosen, text) => h('option', { value, selected: value === chosen }, text);
    this.chatSelect.hidden = this.chats.length < 2;
    this.chatSelect.replaceChildren(...this.chats.map((c) => option(c.id, this.chatID,
      (this.unread.has(c.id) ? '● ' : '') + (c.type === 'private' ? this.world.bot.first_name || 'Bot' : nameOf(c)))));
    const topics = this.chat?.topics || [];
    this.topicSelect.hidden = topics.length === 0;
    this.topicSelect.replaceChildren(option(0, this.thread, 'Semua topik'), ...topics.map((t) => option(t.message_thread_id, this.thread, t.name)));
    this.showPeer();
  }

  async openChat(id) {
    this.chatID = id;
    this.thread = 0;
    this.unread.delete(id);
    this.history = new History();
    this.loaded = false;
    this.log.reset();
    this.composer.reset();
    await this.reload();
  }

  openTopic(id) {
    this.thread = id;
    this.draw(true);
  }

  arrived(message) {
    if (!message?.message_id) return;
    if (!this.isHere(message.chat?.id)) {
      this.unread.add(message.chat.id);
      this.loadChats();
      return;
    }
    const theirs = message.from?.id !== this.id;
    const fresh = !this.history.get(message.message_id);
    if (!this.history.put(message)) return;
    if (fresh && theirs) {
      this.showTyping(null);
      this.world.noticed(this);
    }
    this.draw(fresh && !theirs);
  }

  // draw shows the newest state soon; a burst of events is drawn once.
  draw(toEnd) {
    this.endWanted = this.endWanted || toEnd;
    if (this.drawTimer) return;
    this.drawTimer = setTimeout(() => {
      this.drawTimer = 0;
      this.log.draw(this.endWanted);
      this.endWanted = false;
      this.composer.refresh();
    }, drawAfter);
  }

  showMessage(id) {
    this.log.showMessage(id);
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

  // place adds to a call where it happens.
  place(extra) {
    const where = this.inGroup ? { chat_id: this.chatID } : {};
    if (this.thread) where.message_thread_id = this.thread;
    return { ...where, ...extra };
  }

  async send(text, extra) {
    const message = await this.attempt(() => this.api.text(text, this.place(extra)));
    this.arrived(message);
    return message;
  }

  async start(payload) {
    await this.attempt(async () => {
      await this.api.start(payload);
      this.blocked = false; // starting a bot unblocks it
      this.composer.refresh();
    });
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
