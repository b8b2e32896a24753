// Building blocks of the page. Everything that came from a chat enters the
// document as text nodes or checked attributes, never as HTML.

// h makes an element. Properties named on… are listeners, the rest attributes;
// null and false are left out.
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const paths = {
  send: 'M4 12 20 4l-5 16-4-7zM11 13l9-9',
  clip: 'M8 12.500l6-6a3 3 0 0 1 4.300 4.300l-8 8a5 5 0 0 1-7-7l7.500-7.500',
  people: 'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 20c0-3.500 2.500-6 6-6s6 2.500 6 6M16 4.500a3.500 3.500 0 0 1 0 6.500M17 14c2.500.6 4 3 4 6',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500 19 19M19 5l-1.500 1.500M6.500 17.500 5 19',
  auto: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 8l6-2.500M12 13l8.500-2.500M12 18l7-2.500',
  more: 'M12 5h.01M12 12h.01M12 19h.01',
  slash: 'M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM14 7l-4 10',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  photo: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9h.01',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  pin: 'M12 21s7-6.500 7-12a7 7 0 0 0-14 0c0 5.500 7 12 7 12zM12 11.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  phone: 'M5 4h4l2 5-2.500 1.500a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  mic: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11a6 6 0 0 0 12 0M12 17v4',
  sticker: 'M5 4h14v9l-6 6H5zM13 19v-6h6',
  close: 'M6 6l12 12M18 6 6 18',
  reply: 'M10 8V4L3 11l7 7v-4c5 0 8 1.500 11 5-.5-6-4-11-11-11z',
  forward: 'M14 8V4l7 7-7 7v-4c-5 0-8 1.500-11 5 .5-6 4-11 11-11z',
  edit: 'M4 20l1-4L16 5l3 3L8 19z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  block: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12',
  trash: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13',
  link: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  down: 'M6 9l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
};

// icon draws one of the line icons; it is hidden from screen readers.
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', paths[name] || paths.more);
  svg.append(path);
  return svg;
}

// iconButton is a button that shows an icon and says its label.
export function iconButton(name, label, onclick, extra) {
  return h('button', { type: 'button', class: 'btn icon', 'aria-label': label, title: label, onclick, ...extra }, icon(name));
}

// styleOf is the class of a bot's button that asks for a colour.
export function styleOf(button) {
  return ['primary', 'success', 'danger'].includes(button.style) ? `key-${button.style}` : '';
}

// dialog shows a modal window with a form. It resolves to what send returns
// (an error it throws is shown and the window stays), or to undefined.
export function dialog(title, body, { submit, send, cancel = 'Batal', wide } = {}) {
  return new Promise((resolve) => {
    let result;
    const problem = h('p', { class: 'problem', role: 'alert' });
    const confirm = submit && h('button', { type: 'submit', class: 'btn primary' }, submit);
    const form = h('form', { method: 'dialog' },
      h('h2', null, title), body, problem,
      h('div', { class: 'dialog-actions' },
        cancel && h('button', { type: 'button', class: 'btn', onclick: () => box.close() }, cancel), confirm));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      problem.textContent = '';
      confirm.disabled = true;
      try {
        result = send ? await send() : true;
        box.close();
      } catch (error) {
        problem.textContent = error.message;
      } finally {
        confirm.disabled = false;
      }
    });
    const box = h('dialog', { class: wide ? 'dialog wide' : 'dialog', 'aria-label': title }, form);
    box.addEventListener('click', (event) => { if (event.target === box) box.close(); });
    box.addEventListener('close', () => { box.remove(); resolve(result); });
    document.body.append(box);
    box.showModal();
    body?.closeDialog?.(() => box.close());
  });
}

// menu opens a list of actions beside a button: [icon, label, run, disabled?].
export function menu(anchor, items, label) {
  document.querySelector('.menu')?.remove();
  const close = (refocus) => {
    list.remove();
    document.removeEventListener('pointerdown', outside, true);
    anchor.setAttribute('aria-expanded', 'false');
    if (refocus) anchor.focus();
  };
  const outside = (event) => { if (!list.contains(event.target)) close(false); };
  const list = h('div', { class: 'menu', role: 'menu', 'aria-label': label },
    items.filter(Boolean).map(([name, text, run, danger]) => h('button', {
      type: 'button', role: 'menuitem', class: danger ? 'danger' : '', onclick: () => { close(true); run(); },
    }, icon(name), h('span', null, text))));
  list.addEventListener('keydown', (event) => {
    const all = [...list.children];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) all[(at + step + all.length) % all.length].focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close(true);
    else return;
    event.preventDefault();
  });
  anchor.setAttribute('aria-expanded', 'true');
  document.body.append(list);
  place(list, anchor.getBoundingClientRect());
  list.firstElementChild?.focus();
  document.addEventListener('pointerdown', outside, true);
}

// place puts a floating box near a rectangle, inside the window.
function place(box, near) {
  const left = Math.min(Math.max(8, near.right - box.offsetWidth), innerWidth - box.offsetWidth - 8);
  const below = near.bottom + 4 + box.offsetHeight <= innerHeight - 8;
  const top = below ? near.bottom + 4 : Math.max(8, near.top - 4 - box.offsetHeight);
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${top}px`;
}

// field is a labelled input.
export function field(label, props, hint) {
  const input = h('input', props);
  return { input, node: h('label', { class: 'field' }, h('span', null, label), input, hint && h('small', null, hint)) };
}
