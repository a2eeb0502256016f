// The sandbox's own time, under the hood: what time it is here, and buttons that put it forward.

import { fullMinute, now } from "./clock.js";
import { make } from "./dom.js";

const MONDAY = 1;
const OPENS = 9;
const MOVES = [
  ["1 hour", "An hour later: whatever is due until then is done and said on the way", () => ({ by: "1h" })],
  ["1 day", "A day later: whatever is due until then is done and said on the way", () => ({ by: "1d" })],
  ["Monday 09:00", "To the next Monday morning, where you are", () => ({ to: nextMonday().toISOString() })],
];

export class Timepiece {
  #time = make("time", {});
  #buttons;
  #isMoving = false;

  /** `move(body)` puts time forward, says what came of it, and answers when that is done. */
  constructor(move) {
    this.#buttons = MOVES.map(([label, why, body]) =>
      make(
        "button",
        {
          type: "button",
          class: "button plain",
          title: why,
          "aria-label": `Forward: ${label}`,
          onclick: () => this.#go(move, body()),
        },
        label,
      ),
    );
    this.node = make(
      "div",
      { class: "timepiece", role: "group", "aria-label": "The sandbox's time", hidden: true },
      make("span", {}, "Sandbox time: ", this.#time),
      make("span", { class: "forward", "aria-hidden": "true" }, "Forward:"),
      this.#buttons,
    );
    setInterval(() => this.#tick(), 1000);
  }

  show(state) {
    this.node.hidden = !state.time_moves;
    this.#tick();
  }

  #tick() {
    const shown = fullMinute(now());
    if (this.#time.textContent === shown) return;
    this.#time.textContent = shown;
    this.#time.dateTime = now().toISOString();
  }

  async #go(move, body) {
    if (this.#isMoving) return;
    this.#setMoving(true);
    try {
      await move(body);
    } finally {
      this.#setMoving(false);
    }
  }

  /** Not `disabled`, which would take the focus away. */
  #setMoving(isMoving) {
    this.#isMoving = isMoving;
    for (const button of this.#buttons) button.setAttribute("aria-disabled", String(isMoving));
  }
}

function nextMonday() {
  const day = now();
  day.setHours(OPENS, 0, 0, 0);
  do day.setDate(day.getDate() + 1);
  while (day.getDay() !== MONDAY);
  return day;
}
