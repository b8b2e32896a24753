// The messages of one chat as one person sees them. Events may come twice or
// while a reload is under way; the newest state of a message id counts.

export class History {
  constructor() {
    this.messages = new Map(); // id → {message, sign}
    this.early = null; // changes that came during a reload
  }

  put(message) {
    this.early?.push(['put', message]);
    const sign = JSON.stringify(message);
    if (this.messages.get(message.message_id)?.sign === sign) return false;
    this.messages.set(message.message_id, { message, sign });
    return true;
  }

  remove(ids) {
    this.early?.push(['remove', ids]);
    let changed = false;
    for (const id of ids) changed = this.messages.delete(id) || changed;
    return changed;
  }

  get(id) {
    return this.messages.get(id)?.message;
  }

  // reload replaces everything with what fetch gives.
  async reload(fetch) {
    const early = [];
    this.early = early;
    const fresh = await fetch();
    if (this.early !== early) return; // a later reload has taken over
    this.early = null;
    this.messages = new Map();
    for (const message of fresh) this.put(message);
    for (const [verb, what] of early) this[verb](what);
  }

  // blocks lists the wanted messages, singly or as albums, by rising id.
  blocks(wanted) {
    const blocks = [];
    const all = [...this.messages.values()].filter(({ message }) => wanted(message)).sort((a, b) => a.message.message_id - b.message.message_id);
    for (const { message, sign } of all) {
      const last = blocks[blocks.length - 1];
      if (message.media_group_id && last?.album === message.media_group_id) {
        last.messages.push(message);
        last.sign += sign;
      } else {
        blocks.push({ album: message.media_group_id, messages: [message], sign });
      }
    }
    return blocks;
  }

  last() {
    return [...this.messages.keys()].reduce((a, b) => Math.max(a, b), 0);
  }

  // keyboard is the reply keyboard that is in force: the newest word of the bot on it.
  keyboard() {
    const all = [...this.messages.values()].sort((a, b) => b.message.message_id - a.message.message_id);
    for (const { message } of all) {
      const markup = message.reply_markup;
      if (markup?.keyboard || markup?.remove_keyboard || markup?.force_reply) return { message, markup };
    }
    return null;
  }
}
