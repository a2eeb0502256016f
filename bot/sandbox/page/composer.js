// The box to write in: Enter sends, "/" begins a command, "@" completes names; half-typed text stays with its place.

import { make } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { face } from "./people.js";

const drafts = new Map();

export class Composer {
  #place = null;
  #people = [];
  #names;
  #commands = [];
  #offered = [];
  #chosen = 0;
  #send;
  #text;
  #button;
  #bolt;
  #error;
  #list;

  /** `send(text)` answers `{ok, error}`; `editLast` is called by the up arrow in an empty box. */
  constructor(form, { id, send, editLast }) {
    this.#send = send;
    this.#list = make("ul", {
      class: "offers",
      role: "listbox",
      id: `${id}-offers`,
      "aria-label": "Suggestions",
      hidden: true,
    });
    this.#error = make("p", { class: "error", role: "alert", hidden: true });
    this.#text = make("textarea", {
      id,
      rows: "1",
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": `${id}-offers`,
      autocomplete: "off",
    });
    this.#bolt = make(
      "button",
      {
        type: "button",
        class: "icon",
        "aria-label": "Shortcuts",
        "aria-haspopup": "menu",
        title: "Shortcuts",
        hidden: true,
      },
      icon("bolt"),
    );
    this.#button = make(
      "button",
      { type: "submit", class: "icon send", "aria-label": "Send", title: "Send (Enter)" },
      icon("send"),
    );
    form.append(
      this.#list,
      this.#error,
      make("div", { class: "box" }, this.#text, this.#bolt, this.#button),
      make(
        "p",
        { class: "keys", "aria-hidden": "true" },
        make("kbd", {}, "Enter"),
        " sends · ",
        make("kbd", {}, "Shift Enter"),
        " new line · ",
        make("kbd", {}, "/"),
        " command · ",
        make("kbd", {}, "@"),
        " name",
      ),
    );

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("click", () => this.#offer());
    this.#text.addEventListener("blur", () => this.#withdraw());
    this.#text.addEventListener("keydown", (event) => this.#key(event, editLast));
  }

  /**
   * Stand at a place: `id` keeps its own draft. `people` are `{id, name, real_name, title}`, `commands` `{name, use}`,
   * `shortcuts` `{name, choose}`.
   */
  show({ id, label, people, names, commands, shortcuts = [] }) {
    this.#names = names;
    this.#people = people;
    this.#commands = commands;
    this.#bolt.hidden = shortcuts.length === 0;
    this.#bolt.onclick = () => this.#openShortcuts(shortcuts);
    this.#text.placeholder = label;
    this.#text.setAttribute("aria-label", label);
    if (id === this.#place) return;
    this.#place = id;
    this.#text.value = drafts.get(id) ?? "";
    this.#complain(null);
    this.#withdraw();
    this.#grow();
  }

  #openShortcuts(shortcuts) {
    openMenu(
      this.#bolt,
      "Shortcuts",
      shortcuts.map(({ name, choose }) => ({
        label: [make("span", {}, name), make("small", {}, this.#names.bot.name)],
        choose,
      })),
    );
  }

  fill(text) {
    this.#text.value = text;
    this.#typed();
    this.focus();
  }

  focus() {
    this.#text.focus();
    this.#text.setSelectionRange(this.#text.value.length, this.#text.value.length);
  }

  async #submit() {
    const text = this.#text.value.trim();
    if (text === "") return;
    const place = this.#place;
    this.#text.value = "";
    this.#typed();
    const answer = await this.#send(text);
    if (answer.ok) return;
    // What could not be sent comes back, unless something new has been begun meanwhile.
    if (!drafts.get(place)) drafts.set(place, text);
    if (place !== this.#place) return;
    if (this.#text.value === "") this.fill(text);
    this.#complain(answer.error);
  }

  #typed() {
    drafts.set(this.#place, this.#text.value);
    this.#complain(null);
    this.#grow();
    this.#offer();
  }

  #complain(words) {
    this.#error.textContent = words ?? "";
    this.#error.hidden = !words;
  }

  #grow() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
    this.#button.disabled = this.#text.value.trim() === "";
  }

  #key(event, editLast) {
    if (event.isComposing) return;
    const offering = this.#offered.length > 0;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (offering && step) this.#choose(this.#chosen + step);
    else if (offering && (event.key === "Tab" || event.key === "Enter")) this.#take(this.#offered[this.#chosen]);
    else if (offering && event.key === "Escape") this.#withdraw();
    else if (event.key === "Enter" && !event.shiftKey) this.#submit();
    else if (event.key === "ArrowUp" && this.#text.value === "") editLast();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Offer names for the "@…" before the cursor, or commands for a "/…" at the start. */
  #offer() {
    const before = this.#text.value.slice(0, this.#text.selectionStart);
    const name = before.match(/(?:^|\s)@([\p{L}\p{N}._-]*)$/u)?.[1];
    const command = before.match(/^\/\S*$/)?.[0];
    if (name !== undefined) {
      const begun = name.toLowerCase();
      const fits = (person) =>
        [person.name, ...person.real_name.split(" ")].some((part) => part.toLowerCase().startsWith(begun));
      this.#set(
        this.#people
          .filter(fits)
          .slice(0, 6)
          .map((person) => ({
            insert: `@${person.name} `,
            replaces: name.length + 1,
            face: face(person.id, this.#names),
            label: person.real_name,
            more: `@${person.name}`,
            note: person.title,
          })),
      );
    } else if (command !== undefined) {
      const known = this.#commands.filter(({ name: whole }) => whole.startsWith(command) && whole !== command);
      this.#set(
        known.map(({ name: whole, use }) => ({
          insert: `${whole} `,
          replaces: command.length,
          label: whole,
          note: use,
        })),
      );
    } else this.#withdraw();
  }

  #set(offers) {
    this.#offered = offers;
    this.#list.replaceChildren(
      ...offers.map((offer, i) =>
        make(
          "li",
          {
            role: "option",
            id: `${this.#list.id}-${i}`,
            onpointerdown: (event) => {
              event.preventDefault();
              this.#take(offer);
            },
          },
          offer.face,
          make("strong", {}, offer.label),
          offer.more && make("span", {}, offer.more),
          offer.note && make("small", {}, offer.note),
        ),
      ),
    );
    this.#list.hidden = offers.length === 0;
    if (offers.length) this.#choose(0);
    else this.#text.removeAttribute("aria-activedescendant");
  }

  #withdraw() {
    this.#set([]);
  }

  #choose(at) {
    this.#chosen = (at + this.#offered.length) % this.#offered.length;
    [...this.#list.children].forEach((node, i) => node.setAttribute("aria-selected", String(i === this.#chosen)));
    this.#text.setAttribute("aria-activedescendant", `${this.#list.id}-${this.#chosen}`);
  }

  #take({ insert, replaces }) {
    const end = this.#text.selectionStart;
    this.#text.setRangeText(insert, end - replaces, end, "end");
    this.#typed();
  }
}
