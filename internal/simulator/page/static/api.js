// Calls of the simulator's /_sim contract.
import { refusal } from './refusals.js';

async function call(method, path, body) {
  const init = { method, headers: {} };
  if (body instanceof FormData) init.body = body;
  else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(`/_sim/${path}`, init);
  } catch {
    throw new Error('Simulator tidak dapat dihubungi.');
  }
  const text = await response.text();
  let value = null;
  try {
    value = text === '' ? null : JSON.parse(text);
  } catch {
    value = null;
  }
  if (!response.ok) {
    const error = new Error(refusal(value?.description, response.status));
    error.status = response.status;
    throw error;
  }
  return value;
}

export const get = (path) => call('GET', path);
export const post = (path, body = {}) => call('POST', path, body);

// list takes an answer that is an array, or an object holding one.
export function list(value, name) {
  if (Array.isArray(value)) return value;
  return value?.[name] || value?.result || [];
}

// person gives the calls of one person.
export function person(id) {
  const at = (verb) => `users/${id}/${verb}`;
  return {
    start: (payload) => post(at('start'), payload ? { payload } : {}),
    text: (text, options) => post(at('text'), { text, ...options }),
    edit: (message_id, text, options) => post(at('edit'), { message_id, text, ...options }),
    press: (what) => post(at('press'), what),
    contact: (what) => post(at('contact'), what),
    location: (where) => post(at('location'), where),
    forward: (message_id, from_user_id) => post(at('forward'), { message_id, from_user_id }),
    block: () => post(at('block')),
    unblock: () => post(at('unblock')),
    deleteChat: () => post(at('delete-chat')),
    messages: async (chat_id) => list(await get(`${at('messages')}?chat_id=${chat_id}`), 'messages'),
    chats: async () => list(await get(at('chats')), 'chats'),
    files(kind, files, extra) {
      const form = new FormData();
      for (const [name, value] of Object.entries(extra)) form.append(name, value);
      for (const file of files) form.append('file', file, file.name);
      return post(at(kind), form);
    },
    fileURL: (file_id) => `/_sim/${at('file')}?file_id=${encodeURIComponent(file_id)}`,
  };
}

export const users = async (limit = 1000) => list(await get(`users?limit=${limit}`), 'users');
export const user = (id) => get(`users/${id}`);
export const addUser = (user) => post('users', user);
export const addGroup = (group) => post('groups', group);
export const addTopic = (group, name) => post(`groups/${group}/topics`, { name });

// bot tells the bot's name and the commands it shows to somebody.
export const bot = (user) => get(user ? `bot?user_id=${user.id}` : 'bot');
export const clock = () => get('clock');
export const advance = (advance_s) => post('clock', { advance_s });
