// Block Kit's small parts that blocks and elements share: text objects, pictures, and the box for what is not known.

import { make } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";

/** A text object -> nodes: plain text is literal, save its emoji; mrkdwn is interpreted. */
export function textObject(object, names) {
  if (object.type === "mrkdwn") return mrkdwn(object.text, names);
  if (object.type === "plain_text") return object.emoji === false ? [object.text] : withEmoji(object.text);
  throw new TypeError(`no text object: ${object.type}`);
}

/** Nothing is fetched from outside this machine, so a picture is its words. */
export function picture(image) {
  return make("span", { class: "picture" }, icon("eye"), `Image: ${image.alt_text || "without a description"}`);
}

/** A grey box: the reader should see that something is there, and what. */
export function unknown(kind, part) {
  const label = `${kind} of type “${part?.type}” is not drawn here`;
  return make(
    "details",
    { class: "unknown" },
    make("summary", {}, label),
    make("pre", {}, JSON.stringify(part, null, 2)),
  );
}
