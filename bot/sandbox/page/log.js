// A list of messages: days, keyboard, the menu of a message, editing in place. Patched, never rebuilt.

import { dayName } from "./clock.js";
import { keepInStep, make, stayAtEnd } from "./dom.js";
import { drawMessage } from "./message.js";
import { Toolbar } from "./toolbar.js";

export class Log {
  #box;
  #toolbar;
  #shown = null;
  #last = null;
  #atEnd = true;
  #newest = make("button", { type: "button", class: "newest", hidden: true }, "Jump to the newest");

  /** `actions` is what can be done with a message: `{react, edit, remove, reply, shortcut, refresh}`; no `reply` inside a thread. */
  constructor(box, actions) {
    this.#box = box;
    this.#toolbar = new Toolbar(box, actions);
    box.after(make("div", { class: "below-log" }, this.#newest));
    this.#newest.addEventListener("click", () => this.#toEnd());
    box.addEventListener("scroll", () => this.#lookAround());
    // A panel opens, a keyboard comes up, the composer grows: whoever was reading the end still sees it.
    new ResizeObserver(() => this.#atEnd && this.#toEnd()).observe(box);
    box.addEventListener("keydown", (event) => this.#walk(event));
  }

  /**
   * Show rows: messages, or `{key, build}` for what is none. `id` names the place: a new place starts at its end, the same
   * one keeps its scroll, save for a message of one's own, which is always shown.
   */
  show(id, rows, scene) {
    const newest = rows.findLast((row) => row.message);
    const force = this.#shown !== id || (newest?.message.user === scene.names.me && newest.message.ts !== this.#last);
    this.#shown = id;
    this.#last = newest?.message.ts;
    this.#toolbar.follow(rows, scene);
    stayAtEnd(
      this.#box,
      () => {
        keepInStep(this.#box, withDays(rows), {
          key: (row) => row.key ?? row.message.ts,
          signature: (row) => JSON.stringify([id, row]),
          build: (row) => row.build?.() ?? drawMessage(row, scene),
        });
      },
      { force },
    );
    this.#lookAround();
  }

  /** Bring a message into view and give it the focus; returns whether it is here. */
  reveal(ts) {
    const node = [...this.#box.children].find((child) => child.dataset.key === ts);
    node?.scrollIntoView({ block: "nearest" });
    node?.focus({ preventScroll: true });
    return Boolean(node);
  }

  /** Open the newest message of one's own for editing. */
  editLast() {
    this.#toolbar.editLast();
  }

  #lookAround() {
    const left = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight;
    this.#atEnd = left < 48;
    this.#newest.hidden = left < 240;
  }

  #toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#lookAround();
  }

  /** Arrow keys go from message to message; from the list itself, up leads to the newest. */
  #walk(event) {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    const messages = [...this.#box.querySelectorAll(":scope > .message")];
    const at = messages.indexOf(event.target);
    const fromList = event.target === this.#box && event.key === "ArrowUp";
    const next = fromList ? messages.at(-1) : at < 0 ? null : messages[at + (event.key === "ArrowUp" ? -1 : 1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}

function withDays(rows) {
  let last = null;
  return rows.flatMap((row) => {
    const day = row.message ? dayName(row.message.ts) : last;
    const line = { key: `day ${day}`, build: () => make("p", { class: "day" }, make("span", {}, day)) };
    const isNew = day !== last;
    last = day;
    return isNew ? [line, row] : [row];
  });
}
