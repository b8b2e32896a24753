// The page: a bar, a row of phones, and what belongs to all of them.
import * as api from './api.js';
import { clockPanel, groupForm, peopleList, personForm } from './dialogs.js';
import { h, icon } from './dom.js';
import { onConnection } from './live.js';
import { Phone } from './phone.js';
import { hue, momentOf, nameOf, shortDayOf, timeOf } from './words.js';

const find = (id) => document.getElementById(id);
const keys = { open: 'sim.open', theme: 'sim.theme', tab: 'sim.tab' };
const phones = new Map();
let current = null; // the phone shown where there is room for one only
let ahead = 0; // seconds the simulator's clock is ahead of the browser's

function remembered(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? fallback;
  } catch {
    return fallback;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows may refuse; the page then forgets on reload.
  }
}

const world = {
  bot: {},
  phones: () => [...phones.values()],
  closePhone,
  // noticed marks the tab of a phone that is out of sight and got a message.
  noticed: (phone) => {
    if (phone.id !== current) find(`tab-${phone.id}`)?.classList.add('news');
  },
  makeGroup: (owner) => groupForm(owner, world.phones(), async (group) => {
    const made = await api.addGroup(group);
    for (const phone of world.phones()) if (group.members.includes(phone.id)) await phone.loadChats();
    if (made?.id) owner.openChat(made.id);
    return made;
  }),
};

function openPhone(user) {
  if (!phones.has(user.id)) {
    const phone = new Phone(user, world);
    phones.set(user.id, phone);
    find('phones').querySelector('.welcome')?.remove();
    find('phones').append(phone.root);
    remember(keys.open, [...phones.keys()]);
  }
  show(user.id);
}

function closePhone(id) {
  phones.get(id)?.close();
  phones.delete(id);
  remember(keys.open, [...phones.keys()]);
  if (current === id) current = phones.keys().next().value ?? null;
  if (phones.size === 0) welcome();
  drawTabs();
}

function show(id) {
  current = id;
  remember(keys.tab, id);
  drawTabs();
  const root = phones.get(id)?.root;
  root?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
}

function drawTabs() {
  const tabs = world.phones().map((phone) => {
    const selected = phone.id === current;
    phone.root.classList.toggle('current', selected);
    const tab = h('button', {
      type: 'button', role: 'tab', class: 'tab', id: `tab-${phone.id}`, 'aria-selected': String(selected), 'aria-controls': `phone-${phone.id}`,
      tabindex: selected ? 0 : -1, onclick: () => show(phone.id),
    }, nameOf(phone.user));
    tab.style.setProperty('--hue', hue(phone.id));
    return tab;
  });
  find('tabs').replaceChildren(...tabs);
  find('tabs').hidden = tabs.length < 2;
}

find('tabs').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const ids = [...phones.keys()];
  const id = ids[(ids.indexOf(current) + step + ids.length) % ids.length];
  show(id);
  find(`tab-${id}`).focus();
});

function welcome() {
  const add = (user) => async () => openPhone(await api.addUser(user));
  find('phones').replaceChildren(h('section', { class: 'welcome' },
    h('h2', null, 'Coba bot tanpa Telegram'),
    h('p', null, 'Tambahkan seseorang, tekan MULAI, lalu bercakaplah dengan bot seperti di ponsel. Beberapa orang dapat dimainkan berdampingan.'),
    h('div', { class: 'chips' },
      h('button', { type: 'button', class: 'btn primary', onclick: addPerson }, icon('plus'), 'Tambah orang'),
      h('button', { type: 'button', class: 'btn', onclick: add({ first_name: 'Siti', last_name: 'Aminah', language_code: 'id', phone_number: '+6281234567890' }) }, 'Siti Aminah (contoh)'),
      h('button', { type: 'button', class: 'btn', onclick: () => choosePerson() }, 'Pilih dari daftar'))));
}

async function addPerson() {
  await personForm(async (user) => {
    const made = await api.addUser(user);
    openPhone({ ...user, ...made });
    return made;
  });
}

async function choosePerson() {
  try {
    await peopleList(await api.users(), (id) => phones.has(id), openPhone);
  } catch (error) {
    say(error.message);
  }
}

function say(text) {
  const bar = find('offline');
  bar.textContent = text;
  bar.hidden = !text;
}

async function loadBot() {
  world.bot = (await api.bot()) || {};
  find('bot-name').textContent = [world.bot.first_name, world.bot.username && `@${world.bot.username}`].filter(Boolean).join(' · ');
  document.title = `${world.bot.first_name || 'Bot'} — Simulator Telegram`;
  for (const phone of world.phones()) phone.showPeer();
}

const now = () => Date.now() / 1000 + ahead;

async function loadClock() {
  setClock(await api.clock());
}

function setClock(answer) {
  const told = answer?.now ?? answer?.unix;
  if (told) ahead = told - Date.now() / 1000;
  tick();
}

// tick shows the simulator's time, and its day once it has been moved.
function tick() {
  const moved = ahead > 60;
  find('clock-now').textContent = moved ? `${shortDayOf(now())} ${timeOf(now())}` : timeOf(now());
  find('open-clock').classList.toggle('moved', moved);
}

function openClock() {
  clockPanel(momentOf(now()), async (seconds) => {
    const answer = await api.advance(Number(seconds));
    if (answer?.now) setClock(answer);
    else await loadClock();
    return momentOf(now());
  });
}

const themes = { auto: ['auto', 'Tema: mengikuti sistem'], light: ['sun', 'Tema: terang'], dark: ['moon', 'Tema: gelap'] };

function applyTheme(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const [sign, label] = themes[theme] || themes.auto;
  find('theme').replaceChildren(icon(sign));
  find('theme').setAttribute('aria-label', `${label}. Ganti tema.`);
  find('theme').title = label;
}

function nextTheme() {
  const order = Object.keys(themes);
  const theme = order[(order.indexOf(remembered(keys.theme, 'auto')) + 1) % order.length];
  remember(keys.theme, theme);
  applyTheme(theme);
}

// closeStrangers closes the phones of people whom a simulator started anew
// does not know.
async function closeStrangers() {
  for (const { id } of world.phones()) {
    try {
      await api.user(id);
    } catch (error) {
      if (error.status === 404) closePhone(id);
    }
  }
  if (phones.size === 0) await begin();
}

// begin waits for the simulator if need be, then shows who was open before.
async function begin() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 5000)) {
    try {
      await Promise.all([loadBot(), loadClock()]);
      await restore();
      say('');
      return;
    } catch (error) {
      say(`${error.message} Mencoba lagi…`);
      await new Promise((resolve) => { setTimeout(resolve, wait); });
    }
  }
}

// restore opens whom this browser had open; at first, the first two.
async function restore() {
  const wanted = remembered(keys.open, []);
  const known = await Promise.all(wanted.map((id) => api.user(id).catch(() => null)));
  let open = known.filter(Boolean);
  if (open.length === 0) open = await api.users(2);
  const tab = remembered(keys.tab, null);
  open.forEach(openPhone);
  if (phones.has(tab)) show(tab);
  else if (open.length > 0) show(open[0].id);
  else welcome();
}

for (const glyph of document.querySelectorAll('.glyph')) glyph.replaceWith(icon(glyph.className.split('g-')[1]));
applyTheme(remembered(keys.theme, 'auto'));
find('theme').addEventListener('click', nextTheme);
find('add-person').addEventListener('click', addPerson);
find('open-people').addEventListener('click', choosePerson);
find('open-clock').addEventListener('click', openClock);
onConnection(async (state) => {
  if (state === 'lost') say('Sambungan ke simulator terputus. Mencoba lagi…');
  else if (state === 'retry') await closeStrangers();
  else {
    say('');
    await Promise.all([loadBot(), loadClock()]);
  }
});
setInterval(tick, 10000);
begin();
