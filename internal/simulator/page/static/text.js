// Texts with Telegram's entities, as document nodes. Offsets count UTF-16
// units, as JavaScript's strings do.
import { h } from './dom.js';

const safe = /^(https?|tg|mailto|tel):/i;

// linkTo opens a checked address in a new tab; anything else stays plain text.
export function linkTo(url, children, onlink) {
  let address = url;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(address)) address = `http://${address}`;
  if (!safe.test(address)) return h('span', null, children);
  return h('a', {
    href: address, target: '_blank', rel: 'noopener noreferrer', title: address,
    onclick: (event) => { if (onlink?.(address)) event.preventDefault(); },
  }, children);
}

const blocks = new Set(['pre', 'blockquote', 'expandable_blockquote']);
const styles = { bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's' };

function spoiler(children) {
  const reveal = (event) => {
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    if (box.classList.contains('shown')) return;
    event.preventDefault();
    event.stopPropagation();
    box.classList.add('shown');
    box.removeAttribute('role');
    box.removeAttribute('tabindex');
    box.removeAttribute('aria-label');
  };
  const box = h('span', {
    class: 'spoiler', role: 'button', tabindex: 0, 'aria-label': 'Teks tersembunyi, tekan untuk melihat', onclick: reveal, onkeydown: reveal,
  }, h('span', null, children));
  return box;
}

function quote(children, expandable) {
  const box = h('blockquote', { class: expandable ? 'folded' : null }, children);
  if (!expandable) return box;
  const toggle = h('button', {
    type: 'button', class: 'fold', 'aria-expanded': 'false',
    onclick: () => toggle.setAttribute('aria-expanded', String(!box.classList.toggle('folded'))),
  }, h('span', { class: 'sr' }, 'Buka atau lipat kutipan'));
  box.append(toggle);
  return box;
}

function block(entity, children) {
  return h('pre', null, entity.language && h('span', { class: 'language' }, entity.language), h('code', null, children));
}

function element(entity, covered, children, on) {
  switch (entity.type) {
    case 'bold': case 'italic': case 'underline': case 'strikethrough': return h(styles[entity.type], null, children);
    case 'spoiler': return spoiler(children);
    case 'code': return h('code', null, children);
    case 'pre': return block(entity, children);
    case 'blockquote': return quote(children, false);
    case 'expandable_blockquote': return quote(children, true);
    case 'text_link': return linkTo(entity.url || '', children, on.link);
    case 'url': return linkTo(covered, children, on.link);
    case 'email': return linkTo(`mailto:${covered}`, children);
    case 'phone_number': return linkTo(`tel:${covered}`, children);
    case 'mention': return linkTo(`https://t.me/${covered.slice(1)}`, children, on.link);
    case 'text_mention': return h('span', { class: 'mention' }, children);
    case 'hashtag': case 'cashtag': return h('span', { class: 'mention' }, children);
    case 'bot_command':
      return h('button', { type: 'button', class: 'command', onclick: () => on.command?.(covered) }, children);
    default: return h('span', null, children);
  }
}

// formatted gives the nodes of a text. on.command(text) and on.link(url) are
// called for taps; on.link returns true if it took the link itself.
export function formatted(text, entities, on = {}) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  let next = 0;
  const between = (from, to) => {
    const nodes = [];
    let at = from;
    while (next < sorted.length && sorted[next].offset < to) {
      const entity = sorted[next++];
      const start = Math.max(entity.offset, at);
      const end = Math.min(entity.offset + entity.length, to);
      if (end <= start) continue;
      if (start > at) nodes.push(text.slice(at, start));
      nodes.push(element(entity, text.slice(start, end), between(start, end), on));
      // A block ends its line by itself.
      at = blocks.has(entity.type) && text[end] === '\n' && text[end - 1] !== '\n' && end < to ? end + 1 : end;
    }
    if (at < to) nodes.push(text.slice(at, to));
    return nodes;
  };
  return between(0, text.length);
}
