// What Slack's mrkdwn and Markdown have in common inside a line: finished pieces, emphasis, mentions, entities.

import { link, make } from "./dom.js";
import { withEmoji } from "./emoji.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** Slack's three entities, undone exactly once. */
export function unescaped(text) {
  return text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
}

/** Pieces that are already nodes and wait, as placeholders in the text, until the emphasis around them is known. */
export class Finished {
  #nodes = [];

  /** Text from outside must not bring placeholders of its own. */
  static cleaned(text) {
    return text.replaceAll("\0", "");
  }

  hold(node) {
    return `\0${this.#nodes.push(node) - 1}\0`;
  }

  /** Text without marks -> nodes: placeholders filled, entities undone last, then emoji. */
  spill(text) {
    return text
      .split(/\0(\d+)\0/)
      .flatMap((piece, i) => (i % 2 ? this.#nodes[Number(piece)] : withEmoji(unescaped(piece))));
  }
}

/**
 * Text -> nodes, with the marks' emphasis. A mark is `{mark, tag, border}`; with `border` it counts only where no letter
 * or digit touches its outside. Longer marks stand before shorter ones. `plain` draws what lies between the marks.
 * A mark without a partner is looked for once only, so the time is linear in the text whatever a customer types.
 */
export function emphasised(text, marks, plain) {
  const nodes = [];
  const alone = new Set();
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const mark = marks.find((candidate) => !alone.has(candidate) && opens(text, at, candidate));
    if (!mark) continue;
    const end = closing(text, at, mark);
    if (end < 0) {
      alone.add(mark);
      continue;
    }
    const inner = text.slice(at + mark.mark.length, end);
    const rest = marks.filter((other) => other.tag !== mark.tag);
    nodes.push(...plain(text.slice(from, at)), make(mark.tag, {}, ...emphasised(inner, rest, plain)));
    from = end + mark.mark.length;
    at = from - 1;
  }
  nodes.push(...plain(text.slice(from)));
  return nodes;
}

const isWord = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isSpace = (character) => character === undefined || /\s/.test(character);

function opens(text, at, { mark, border }) {
  if (!text.startsWith(mark, at)) return false;
  const before = text[at - 1];
  const after = text[at + mark.length];
  if (isSpace(after) || (border && isWord(before))) return false;
  return mark.length > 1 || (before !== mark && after !== mark);
}

function closing(text, at, { mark, border }) {
  for (let end = text.indexOf(mark, at + mark.length + 1); end >= 0; end = text.indexOf(mark, end + 1)) {
    while (mark.length > 1 && text[end + mark.length] === mark[0]) end++;
    const before = text[end - 1];
    const after = text[end + mark.length];
    if (isSpace(before) || (border && isWord(after))) continue;
    if (mark.length > 1 || (before !== mark && after !== mark)) return end;
  }
  return -1;
}

/** What stands between < and >: a mention, a date or a link; null where it is none of them and stays text. */
export function token(content, names) {
  const [body, label] = split(content, "|");
  const person = body.match(/^@([UW][A-Z0-9]+)$/);
  if (person) return mention(`@${names.person(person[1]) ?? unescaped(label ?? person[1])}`, person[1] === names.me);
  const channel = body.match(/^#([CDG][A-Z0-9]+)$/);
  if (channel) return mention(`#${names.channel(channel[1]) ?? unescaped(label || channel[1])}`);
  if (/^!(here|channel|everyone)$/.test(body)) return mention(`@${body.slice(1)}`, true);
  if (body.startsWith("!subteam^")) return mention(unescaped(label || `@${body.slice(9)}`));
  if (body.startsWith("!date^")) return date(body.split("^"), unescaped(label ?? ""));
  const address = unescaped(body);
  return link(address, withEmoji(unescaped(label || body.replace(/^mailto:/, ""))));
}

export function mention(text, mine = false) {
  return make("span", { class: mine ? "mention mine" : "mention" }, text);
}

function split(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

const DATE_PARTS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** <!date^1392734382^{date} at {time}|fallback> in the reader's own time zone. */
function date([, seconds, format = ""], fallback) {
  const moment = new Date(Number(seconds) * 1000);
  if (!format || Number.isNaN(moment.getTime())) return make("span", {}, fallback);
  const text = unescaped(format).replace(/\{([a-z_]+)\}/g, (whole, name) => {
    const part = DATE_PARTS[name.replace("_pretty", "")];
    return part ? new Intl.DateTimeFormat(undefined, part).format(moment) : whole;
  });
  return make("time", { datetime: moment.toISOString(), title: moment.toLocaleString() }, text);
}
