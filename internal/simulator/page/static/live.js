// The stream of what happens to a person, kept open across restarts.

const names = ['message', 'edit', 'delete', 'clear', 'typing', 'answer'];

// A browser opens few connections to one host, so only this many people are
// streamed; the others are asked for news in turn.
const maxStreams = 4;
const pollEvery = 2000;
const open = new Set();
const listeners = new Set();
let lost = false;

function setLost(value) {
  if (lost === value) return;
  lost = value;
  for (const listener of listeners) listener(lost);
}

// onConnection is told when the simulator goes away or comes back.
export function onConnection(listener) {
  listeners.add(listener);
}

// follow calls on[name](data) for events, and on.reload() whenever some may
// have been missed. It returns a function that ends it.
export function follow(id, on) {
  let source = null;
  let timer = 0;
  let ended = false;
  let wait = 500;

  const stop = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
    open.delete(id);
  };
  const again = () => {
    stop();
    if (ended) return;
    setLost(true);
    timer = setTimeout(connect, wait);
    wait = Math.min(wait * 1.6, 5000);
  };
  const poll = () => {
    timer = setTimeout(async () => {
      if (open.size < maxStreams) return connect();
      await on.reload();
      if (!ended) poll();
    }, pollEvery);
  };
  function connect() {
    if (ended) return;
    if (open.size >= maxStreams) {
      on.reload();
      poll();
      return;
    }
    open.add(id);
    source = new EventSource(`/_sim/users/${id}/events`);
    source.onopen = () => {
      wait = 500;
      setLost(false);
      on.reload();
    };
    source.onerror = again;
    for (const name of names) {
      source.addEventListener(name, (event) => {
        let data;
        try {
          data = JSON.parse(event.data);
        } catch {
          return;
        }
        on[name]?.(data);
      });
    }
  }
  connect();
  return () => {
    ended = true;
    stop();
  };
}
