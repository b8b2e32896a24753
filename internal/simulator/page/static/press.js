// Pressing a chat's buttons and following its links.
import { chooseLocation, confirmPhone, webAppData } from './dialogs.js';
import { dialog, h } from './dom.js';

const answerWithin = 15000; // milliseconds a pressed button waits for the bot
const deepLink = /^(?:https?:\/\/)?(?:t|telegram)\.me\/([A-Za-z0-9_]+)\?start=([\w-]{1,64})$/i;

export class Presses {
  constructor(phone) {
    this.phone = phone;
    this.pressed = new Set(); // "message:button" of those that wait
    this.waiting = []; // ends of the waits for the bot's answers, oldest first
  }

  // answered ends the oldest wait for the bot and shows what it said.
  answered(answer) {
    this.waiting.shift()?.();
    this.showAnswer(answer);
  }

  // showAnswer shows a callback's answer once, though it comes twice: as the
  // reply to the press and as an event.
  showAnswer(answer) {
    if (!answer?.text && !answer?.url) return;
    const sign = JSON.stringify([answer.text, answer.show_alert, answer.url]);
    if (this.lastAnswer?.sign === sign && Date.now() - this.lastAnswer.at < 1500) return;
    this.lastAnswer = { sign, at: Date.now() };
    if (answer.text && answer.show_alert) dialog(this.phone.world.bot.first_name || 'Bot', h('p', { class: 'alert-text' }, answer.text), { cancel: 'OK' });
    else if (answer.text) this.phone.toast(answer.text);
    if (answer.url) this.open(answer.url);
  }

  isBusy(messageID, index) {
    return this.pressed.has(`${messageID}:${index}`);
  }

  busyIn(messageID) {
    return [...this.pressed].filter((key) => key.startsWith(`${messageID}:`)).join();
  }

  async inline(message, button, index) {
    if (button.url || button.login_url) this.open(button.url || button.login_url.url);
    else if (button.copy_text) await this.phone.copy(button.copy_text.text);
    else if (button.web_app) this.open(button.web_app.url);
    else if (button.callback_data === undefined) this.phone.toast('Tombol ini tidak didukung simulator.', 'bad');
    else if (!this.isBusy(message.message_id, index)) await this.ask(message, index);
  }

  // ask presses a button and shows it as busy until the bot answers.
  async ask(message, index) {
    const key = `${message.message_id}:${index}`;
    this.pressed.add(key);
    this.phone.draw();
    let answered;
    const answer = new Promise((resolve) => { answered = resolve; });
    this.waiting.push(answered);
    const result = await this.phone.attempt(() => this.phone.api.press(this.phone.place({ message_id: message.message_id, button: index })));
    if (result && !result.answer) {
      setTimeout(answered, answerWithin);
      await answer;
    }
    this.waiting = this.waiting.filter((other) => other !== answered);
    this.pressed.delete(key);
    this.phone.draw();
    this.showAnswer(result?.answer);
  }

  // pressReply presses a key of the reply keyboard; false if it was called off.
  async reply(button) {
    const what = this.phone.place({ text: button.text });
    if (button.request_contact && !(await confirmPhone(this.phone))) return false;
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
    return Boolean(await this.phone.attempt(() => this.phone.api.press(what)));
  }

  open(url) {
    if (this.followLink(url)) return;
    if (/^https?:/i.test(url)) window.open(url, '_blank', 'noopener,noreferrer');
    else this.phone.toast(`Tautan: ${url}`);
  }

  // followLink takes links that start this bot; the browser opens the others.
  followLink(url) {
    const found = url.match(deepLink);
    if (!found || found[1].toLowerCase() !== (this.phone.world.bot.username || '').toLowerCase()) return false;
    this.phone.start(found[2]);
    return true;
  }
}
