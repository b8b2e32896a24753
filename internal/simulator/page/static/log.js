// The part of a phone that shows a chat's messages.
import { bubble } from './bubble.js';
import { h, iconButton } from './dom.js';
import { dayOf, initials, nameOf } from './words.js';

const page = 200; // messages drawn at first, and more at each asking

export class Log {
  constructor(phone) {
    this.phone = phone;
    this.limit = page;
    this.drawn = new Map(); // block key → {sign, node}
    this.newest = 0;
    this.atEnd = true;
    this.flow = h('div', { class: 'flow' });
    this.node = h('div', { class: 'log', role: 'log', 'aria-label': `Percakapan ${nameOf(phone.user)}`, tabindex: 0, onscroll: () => this.scrolled() }, this.flow);
    this.jump = iconButton('down', 'Ke pesan terbaru', () => this.toEnd(), { class: 'btn icon jump', hidden: true });
    // Keeps the newest message in sight while pictures load or the lower edge
    // grows, unless somebody has scrolled up.
    const observer = new ResizeObserver(() => { if (this.atEnd) this.node.scrollTop = this.node.scrollHeight; });
    observer.observe(this.flow);
    observer.observe(this.node);
  }

  reset() {
    this.drawn.clear();
    this.newest = 0;
    this.limit = page;
    this.flow.replaceChildren();
  }

  // draw brings the log in line with the history, touching only what changed.
  draw(toEnd) {
    const { phone } = this;
    const nodes = [];
    const kept = new Map();
    let day = '';
    const blocks = phone.history.blocks((message) => phone.isShown(message));
    if (blocks.length > this.limit) nodes.push(this.olderButton());
    for (const block of blocks.slice(-this.limit)) {
      const [first] = block.messages;
      const today = dayOf(first.date);
      if (today !== day) nodes.push(this.dayLine(kept, today));
      day = today;
      const key = first.message_id;
      const sign = block.sign + phone.presses.busyIn(block.messages[block.messages.length - 1].message_id);
      const old = this.drawn.get(key);
      const node = old?.sign === sign ? old.node : this.replaced(old?.node, bubble(block.messages, phone));
      kept.set(key, { sign, node });
      nodes.push(node);
    }
    this.drawn = kept;
    this.arrange(nodes);
    this.follow(toEnd);
  }

  olderButton() {
    this.older ??= h('button', { type: 'button', class: 'btn older', onclick: () => this.showOlder() }, 'Tampilkan pesan sebelumnya');
    return this.older;
  }

  // showOlder draws more, and keeps what was in sight where it is.
  showOlder() {
    const below = this.node.scrollHeight - this.node.scrollTop;
    this.limit += page;
    this.atEnd = false;
    this.draw(false);
    this.node.scrollTop = this.node.scrollHeight - below;
  }

  follow(toEnd) {
    const newest = this.phone.history.last();
    if (toEnd || this.atEnd) this.toEnd();
    else if (newest > this.newest) this.jump.hidden = false;
    this.newest = newest;
  }

  // replaced keeps the keyboard focus when a bubble is drawn again.
  replaced(old, node) {
    if (old?.contains(document.activeElement)) {
      const { index } = document.activeElement.dataset;
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
    const { flow } = this;
    if (nodes.length === 0) {
      flow.replaceChildren(this.phone.loaded ? this.emptyChat() : h('p', { class: 'waiting' }, 'Memuat…'));
      return;
    }
    const wanted = new Set(nodes);
    for (const child of [...flow.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, i) => { if (flow.children[i] !== node) flow.insertBefore(node, flow.children[i] || null); });
  }

  emptyChat() {
    const name = this.phone.peerTitle();
    return h('div', { class: 'empty' }, h('div', null, h('span', { class: 'avatar big bot-avatar', 'aria-hidden': 'true' }, initials(name)),
      h('h3', null, name), h('p', null, this.phone.inGroup ? 'Belum ada pesan di sini.' : `Tekan MULAI untuk bercakap dengan ${name}.`)));
  }

  scrolled() {
    this.atEnd = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < 60;
    if (this.atEnd) this.jump.hidden = true;
  }

  toEnd() {
    this.atEnd = true;
    this.jump.hidden = true;
    this.node.scrollTop = this.node.scrollHeight;
  }

  showMessage(id) {
    const found = this.node.querySelector(`[data-id="${Number(id)}"]`);
    if (!found) return;
    found.scrollIntoView({ block: 'center', behavior: 'smooth' });
    found.classList.add('flash');
    setTimeout(() => found.classList.remove('flash'), 1200);
  }
}
