// The stream of what happens to the people on the page: one for all of them,
// since a browser opens few connections to one host. It outlives restarts of
// the simulator.

const names = ['message', 'edit', 'delete', 'clear', 'typing', 'answer'];
const people = new Map(); // id → listeners
const watchers = new Set();
let source = null;
let timer = 0;
let wait = 500;
let lost = false;
let planned = false;

// onConnection is told when the simulator goes away (true) or comes back, and
// before every new attempt; it may return a promise to wait for.
export function onConnection(watcher) {
  watchers.add(watcher);
}

function tell(state) {
  return Promise.allSettled([...watchers].map((watcher) => watcher(state)));
}

function dispatch(name, event) {
  let told;
  try {
    told = JSON.parse(event.data);
  } catch {
    return;
  }
  people.get(told.user_id)?.[name]?.(told.data);
}

function connect() {
  planned = false;
  clearTimeout(timer);
  source?.close();
  source = null;
  if (people.size === 0) return;
  source = new EventSource(`/_sim/events?users=${[...people.keys()].join()}`);
  source.onopen = () => {
    wait = 500;
    if (lost) tell('back');
    lost = false;
    for (const on of people.values()) on.reload();
  };
  source.onerror = () => {
    source?.close();
    source = null;
    if (!lost) tell('lost');
    lost = true;
    timer = setTimeout(async () => {
      await tell('retry');
      plan();
    }, wait);
    wait = Math.min(wait * 1.6, 5000);
  };
  for (const name of names) source.addEventListener(name, (event) => dispatch(name, event));
}

function plan() {
  if (planned) return;
  planned = true;
  queueMicrotask(connect);
}

// follow calls on[name](data) for what happens to a person, and on.reload()
// whenever something may have been missed. It returns a function that ends it.
export function follow(id, on) {
  people.set(id, on);
  plan();
  return () => {
    people.delete(id);
    plan();
  };
}
