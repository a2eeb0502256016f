// `rich_text` blocks as nodes: their text is literal, so nothing in it is interpreted.

import { link, make } from "./dom.js";
import { EMOJI, emoji } from "./emoji.js";
import { mention } from "./inline.js";

export function richText(block, names) {
  return nested(block.elements, names);
}

/** Lists come flat with an `indent`; a deeper one belongs into the last item of the one before. */
function nested(elements, names) {
  const nodes = [];
  const lists = [];
  for (const element of elements) {
    const node = part(element, names);
    if (element.type !== "rich_text_list") {
      lists.length = 0;
      nodes.push(node);
      continue;
    }
    const indent = element.indent ?? 0;
    while (lists.length && lists.at(-1).indent >= indent) lists.pop();
    const host = lists.at(-1)?.node.lastElementChild;
    if (host) host.append(node);
    else nodes.push(node);
    lists.push({ indent, node });
  }
  return nodes;
}

function part(element, names) {
  switch (element.type) {
    case "rich_text_section":
      return make("p", {}, words(element.elements, names));
    case "rich_text_quote":
      return make("blockquote", {}, words(element.elements, names));
    case "rich_text_preformatted":
      return make("pre", {}, words(element.elements, names));
    case "rich_text_list": {
      const ordered = element.style === "ordered";
      const items = element.elements.map((item) => make("li", {}, words(item.elements, names)));
      return make(ordered ? "ol" : "ul", { start: ordered && element.offset ? element.offset + 1 : null }, items);
    }
    default:
      return make("pre", { class: "unknown" }, JSON.stringify(element, null, 2));
  }
}

function words(elements, names) {
  return elements.map((element) => styled(word(element, names), element.style));
}

function word(element, names) {
  switch (element.type) {
    case "text":
      return element.text;
    case "link":
      return link(element.url, [element.text || element.url]) ?? element.text ?? element.url;
    case "user":
      return mention(`@${names.person(element.user_id) ?? element.user_id}`, element.user_id === names.me);
    case "usergroup":
      return mention(`@${element.usergroup_id}`);
    case "channel":
      return mention(`#${names.channel(element.channel_id) ?? element.channel_id}`);
    case "broadcast":
      return mention(`@${element.range}`, true);
    case "emoji":
      return Object.hasOwn(EMOJI, element.name) || !element.unicode
        ? emoji(element.name)
        : fromCodePoints(element.unicode);
    case "date":
      return element.fallback ?? new Date(element.timestamp * 1000).toLocaleString();
    default:
      return make("code", { class: "unknown" }, JSON.stringify(element));
  }
}

function fromCodePoints(codes) {
  return String.fromCodePoint(...codes.split("-").map((code) => Number.parseInt(code, 16)));
}

const STYLES = { code: "code", bold: "strong", italic: "em", strike: "s" };

function styled(node, style) {
  let outer = node;
  for (const [name, tag] of Object.entries(STYLES)) if (style?.[name]) outer = make(tag, {}, outer);
  return outer;
}
