// One message as a node: author, words, files, reactions, the way into its thread.

import { drawWords } from "./blocks.js";
import { clockTime, fullTime } from "./clock.js";
import { make } from "./dom.js";
import { emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { face } from "./people.js";

/**
 * Draw a row of the log: `{message, follows, thread, ephemeral, status}`. `follows`: it stands under the name of the one before.
 * `thread` is `{count, last, authors, fresh}` where the message has replies that are to be opened from here.
 */
export function drawMessage(row, scene) {
  const { message, follows, thread, ephemeral } = row;
  const { names } = scene;
  const author = names.author(message);
  const classes = ["message", follows && "follows", ephemeral && "ephemeral", row.gone && "gone"]
    .filter(Boolean)
    .join(" ");
  return make(
    "article",
    { class: classes, tabindex: "-1", "aria-label": `${author}, ${clockTime(message.ts)}` },
    make(
      "div",
      { class: "gutter" },
      follows ? time(message.ts, "small") : row.gone ? icon("close") : face(message.user, names, author),
    ),
    make(
      "div",
      { class: "message-body" },
      ephemeral && make("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      !follows &&
        !row.gone &&
        make(
          "p",
          { class: "byline" },
          make("span", { class: "author" }, author),
          message.bot && make("span", { class: "app" }, "APP"),
          time(message.ts),
        ),
      make(
        "div",
        { class: "words" },
        drawWords(message, { names, press: scene.pressOn(message) }),
        message.edited && make("span", { class: "edited" }, " (edited)"),
      ),
      files(message),
      reactions(message, scene),
      message.status &&
        make(
          "p",
          { class: "status" },
          make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i")),
          `${names.bot.name} ${message.status}`,
        ),
      thread && wayIn(thread, scene, message),
    ),
  );
}

function time(ts, kind = "") {
  return make(
    "time",
    { class: `time ${kind}`, datetime: new Date(Number(ts) * 1000).toISOString(), title: fullTime(ts) },
    clockTime(ts),
  );
}

function files(message) {
  if (!message.files?.length) return null;
  return make(
    "ul",
    { class: "files", "aria-label": "Files" },
    message.files.map((file) =>
      make("li", {}, icon("file"), make("span", {}, file.name), make("small", {}, file.mimetype)),
    ),
  );
}

function reactions(message, { names, react }) {
  if (!message.reactions?.length) return null;
  return make(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map(({ name, users }) => {
      const mine = users.includes(names.me);
      const who = users.map((user) => (user === names.me ? "you" : (names.person(user) ?? user))).join(", ");
      return make(
        "button",
        {
          type: "button",
          class: "reaction",
          "aria-pressed": String(mine),
          "aria-label": `${name.replaceAll("_", " ")}, ${users.length}: ${who}`,
          title: `${who} · :${name}:`,
          "data-focus": `reaction/${name}`,
          onclick: () => react(message, name),
        },
        emoji(name),
        make("span", { class: "tally" }, String(users.length)),
      );
    }),
  );
}

function wayIn({ count, last, authors, fresh }, { names, openThread }, message) {
  const faces = authors.slice(0, 4).map((id) => face(id, names));
  return make(
    "button",
    {
      type: "button",
      class: fresh ? "way-in fresh" : "way-in",
      "data-focus": "thread",
      onclick: () => openThread(message.ts),
    },
    make("span", { class: "faces" }, faces),
    make("span", { class: "replies" }, count === 1 ? "1 reply" : `${count} replies`),
    fresh && make("span", { class: "new" }, "new"),
    make("span", { class: "last" }, `Last at ${clockTime(last)}`),
  );
}
