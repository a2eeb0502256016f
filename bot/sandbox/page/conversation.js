// A channel with its composer, and beside it one of its threads with a composer of its own.

import { Composer } from "./composer.js";
import { make } from "./dom.js";
import { emptyChannel, firstSteps } from "./hint.js";
import { icon } from "./icons.js";
import { Log } from "./log.js";
import { move, place } from "./place.js";
import { channelRows, threadRows } from "./rows.js";
import { markRead } from "./unread.js";

const COMMANDS = [{ name: "/tier1", use: "Ask the support bot, or add help to see what it can do" }];

const touched = matchMedia("(pointer: coarse)");
const part = (id) => document.getElementById(id);

export class Conversation {
  #page;
  #log;
  #composer;
  #threadLog;
  #threadComposer;

  /** `page`: `{post(what, body), press(where, action), tell(words), refresh(), draw()}`. */
  constructor(page) {
    this.#page = page;
    const actions = {
      react: (message, name) => this.#act("react", { ts: message.ts, name }),
      edit: (message, text) => this.#act("edit", { ts: message.ts, text }),
      remove: async (message) => (await this.#act("delete", { ts: message.ts })) && this.focus(),
      shortcut: (message, callback_id) => this.#act("message_shortcut", { ts: message.ts, callback_id }),
      refresh: page.refresh,
    };
    this.#log = new Log(part("log"), { ...actions, reply: (ts) => this.#openThread(ts) });
    this.#threadLog = new Log(part("thread-log"), actions);
    this.#composer = new Composer(part("composer"), {
      id: "message-box",
      send: (text) => this.#say(text),
      editLast: () => this.#log.editLast(),
    });
    this.#threadComposer = new Composer(part("thread-composer"), {
      id: "thread-box",
      send: (text) => this.#say(text, place.thread),
      editLast: () => this.#threadLog.editLast(),
    });
    part("close-thread").append(icon("close"));
    part("close-thread").addEventListener("click", () => this.closeThread());
  }

  show({ state, names, channel, atHome }) {
    const isDm = channel.kind === "dm";
    const id = `${state.me} ${channel.id}`;
    const scene = {
      state,
      names,
      react: (message, name) => this.#act("react", { ts: message.ts, name }),
      openThread: (ts) => this.#openThread(ts),
      pressOn: (message) => (action) => this.#page.press({ channel: channel.id, ts: message.ts }, action),
    };
    const people = mentionable(state);
    const seen = !document.hidden && !atHome;

    if (seen) markRead(state.me, channel);
    if (seen && place.thread) markRead(state.me, channel, place.thread);
    const rows = channelRows(state, channel);
    const silent = channel.messages.every((message) => message.bot);
    if (isDm && silent) rows.push(firstSteps((text) => this.#composer.fill(text)));
    if (!isDm && rows.length === 0) rows.push(emptyChannel(channel.name, state.bot));
    this.#log.show(id, rows, scene);
    this.#composer.show({
      id,
      label: isDm ? `Message ${names.bot.name}` : `Message #${channel.name}`,
      people,
      names,
      commands: COMMANDS,
      shortcuts: state.shortcuts
        .filter(({ type }) => type === "global")
        .map(({ name, callback_id }) => ({ name, choose: () => this.#act("shortcut", { callback_id }) })),
    });

    part("thread").hidden = !place.thread || atHome;
    if (!place.thread) return;
    const { root, count, later } = threadRows(state, channel, place.thread);
    const line = {
      key: `replies ${count}`,
      build: () => make("p", { class: "day" }, make("span", {}, count === 1 ? "1 reply" : `${count} replies`)),
    };
    part("thread-place").textContent = isDm ? names.bot.name : `#${channel.name}`;
    this.#threadLog.show(`${id} ${place.thread}`, count ? [root, line, ...later] : [root, ...later], scene);
    this.#threadComposer.show({ id: `${id} ${place.thread}`, label: "Reply…", people, names, commands: [] });
  }

  /** Put the cursor into the composer, save on a touch screen, where that would cover half of it with a keyboard. */
  focus() {
    if (!touched.matches) this.#composer.focus();
  }

  /** Bring a message into view, in the thread if it is there. */
  reveal(ts) {
    if (!this.#threadLog.reveal(ts)) this.#log.reveal(ts);
  }

  closeThread() {
    const ts = place.thread;
    move({ thread: null });
    this.#page.draw();
    if (!this.#log.reveal(ts)) this.focus();
  }

  #openThread(ts) {
    move({ thread: ts });
    this.#page.draw();
    if (!touched.matches) this.#threadComposer.focus();
  }

  #say(text, thread) {
    const command = text.match(/^(\/[^\s/]+)(?:\s+([\s\S]*))?$/);
    if (command && thread)
      return { ok: false, error: `Slash commands do not work in threads. Send ${command[1]} outside of it.` };
    if (command)
      return this.#page.post("command", { channel: place.channel, command: command[1], text: command[2] ?? "" });
    return this.#page.post("say", { channel: place.channel, text, ...(thread && { thread_ts: thread }) });
  }

  async #act(what, body) {
    const answer = await this.#page.post(what, { channel: place.channel, ...body });
    if (!answer.ok) this.#page.tell(answer.error);
    return answer.ok;
  }
}

/** Whom one can name after an @: everybody else, and the bot. */
function mentionable({ people, bot, me }) {
  const itself = { id: bot.user_id, name: bot.handle, real_name: bot.name, title: "Support bot" };
  return [itself, ...people.filter((person) => person.id !== me)];
}
