// What stands where nobody has said anything yet: a few things to try in the direct message, a plain line elsewhere.

import { make } from "./dom.js";

const TRIES = ["I forgot my password", "my bill is wrong", "talk to a human"];

/** A row for an empty channel. */
export function emptyChannel(name, bot) {
  const words = `Nothing has been said in #${name} yet. Mention @${bot.handle} to ask the bot here.`;
  return { key: "empty", build: () => make("p", { class: "empty" }, words) };
}

/** A row for the direct message; `fill(text)` puts a suggestion into the composer. */
export function firstSteps(fill) {
  const tries = TRIES.map((text) =>
    make("button", { type: "button", class: "button plain", onclick: () => fill(text) }, text),
  );
  return {
    key: "hint",
    build: () =>
      make(
        "section",
        { class: "hint-card", "aria-label": "First steps" },
        make("h2", {}, "Say something to the bot"),
        make("p", {}, "This is the real bot on a workspace that lives on this machine only. A few things to try:"),
        make("div", { class: "tries" }, tries),
        make("p", { class: "soft" }, "Switch to a specialist at the top to pick up handoffs."),
      ),
  };
}
