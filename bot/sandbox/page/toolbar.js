// What can be done with a message: a small bar on the one under the pointer or the focus, and editing in place.

import { ask } from "./confirm.js";
import { make } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { icon } from "./icons.js";
import { menuOpenIn, openMenu } from "./menu.js";
import { typedAgain } from "./people.js";

export class Toolbar {
  #box;
  #actions;
  #rows = new Map();
  #scene;
  // Inside a live region, but not news.
  #bar = make("div", {
    class: "toolbar",
    role: "toolbar",
    "aria-label": "Actions on this message",
    "aria-live": "off",
  });

  constructor(box, actions) {
    this.#box = box;
    this.#actions = actions;
    box.addEventListener("pointerover", (event) => event.pointerType === "mouse" && this.#attach(event.target));
    box.addEventListener("focusin", (event) => this.#attach(event.target));
    box.addEventListener("pointerleave", () => this.#busy || this.#bar.remove());
  }

  follow(rows, scene) {
    this.#rows = new Map(rows.filter((row) => row.message).map((row) => [row.message.ts, row]));
    this.#scene = scene;
  }

  editLast() {
    const mine = [...this.#rows.values()].filter((row) => this.#isMine(row));
    const article =
      mine.length && [...this.#box.children].find((child) => child.dataset.key === mine.at(-1).message.ts);
    if (article) this.#edit(article, mine.at(-1).message);
  }

  get #busy() {
    return menuOpenIn(this.#bar) || this.#bar.contains(document.activeElement);
  }

  #isMine({ message, ephemeral, gone }) {
    return message.user === this.#scene.names.me && !ephemeral && !gone;
  }

  #attach(target) {
    const article = target.closest(".message");
    if (
      !article ||
      article.parentElement !== this.#box ||
      article.contains(this.#bar) ||
      (this.#busy && target !== article)
    )
      return;
    const row = this.#rows.get(article.dataset.key);
    if (!row || row.ephemeral || row.gone || article.dataset.busy !== undefined) return this.#bar.remove();
    this.#bar.replaceChildren(...this.#buttons(article, row));
    article.append(this.#bar);
  }

  #buttons(article, row) {
    const { message } = row;
    const { react, reply, remove, shortcut } = this.#actions;
    const button = (name, sign, does) => {
      const control = make(
        "button",
        { type: "button", class: "icon", "aria-label": name, title: name, "data-focus": name },
        icon(sign),
      );
      control.addEventListener("click", () => does(control));
      return control;
    };
    const { state, names } = this.#scene;
    const shortcuts = state.shortcuts.filter(({ type }) => type === "message");
    const choices = shortcuts.map(({ name, callback_id }) => ({
      label: [make("span", {}, name), make("small", {}, names.bot.name)],
      choose: () => shortcut(message, callback_id),
    }));
    const own = [
      { label: "Edit message", choose: () => this.#edit(article, message) },
      {
        label: "Delete message…",
        danger: true,
        choose: async () => (await ask(DELETE, this.#scene.names)) && remove(message),
      },
    ];
    if (this.#isMine(row)) choices.push(...own);
    const more =
      choices.length > 0 && button("More actions", "more", (control) => openMenu(control, "More actions", choices));
    if (more) more.setAttribute("aria-haspopup", "menu");
    return [
      button("Add a reaction", "smile", (control) =>
        openMenu(
          control,
          "Choose an emoji",
          emojiItems((name) => react(message, name)),
          { columns: 8 },
        ),
      ),
      reply && button("Reply in thread", "reply", () => reply(message.thread_ts ?? message.ts)),
      more,
    ].filter(Boolean);
  }

  /** The message's words give way to a box with them; while it is open the message is not redrawn. */
  #edit(article, message) {
    if (article.dataset.busy !== undefined) return;
    this.#bar.remove();
    const words = article.querySelector(".words");
    const text = make("textarea", { rows: "2", "aria-label": "Edit message" });
    text.value = typedAgain(message.text, this.#scene.state);
    const finish = () => {
      delete article.dataset.busy;
      form.remove();
      words.hidden = false;
      article.focus({ preventScroll: true });
    };
    const save = async () => {
      if (text.value.trim() === "") return;
      if (!(await this.#actions.edit(message, text.value.trim()))) return;
      finish();
      this.#actions.refresh();
    };
    const form = make(
      "form",
      {
        class: "edit",
        onsubmit: (event) => {
          event.preventDefault();
          save();
        },
      },
      text,
      make(
        "p",
        {},
        make("button", { type: "button", class: "button plain", onclick: finish }, "Cancel"),
        make("button", { type: "submit", class: "button primary" }, "Save"),
      ),
    );
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") finish();
      else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    article.dataset.busy = "editing";
    words.hidden = true;
    words.after(form);
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  }
}

const DELETE = {
  title: { text: "Delete this message?" },
  text: { type: "plain_text", text: "The bot is told, as Slack would tell it." },
  confirm: { text: "Delete" },
  deny: { text: "Cancel" },
  style: "danger",
};

function emojiItems(choose) {
  return Object.entries(EMOJI).map(([name, sign]) => ({
    label: sign,
    name: name.replaceAll("_", " "),
    choose: () => choose(name),
  }));
}
