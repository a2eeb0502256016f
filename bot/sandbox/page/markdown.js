// Markdown, as Slack's `markdown` blocks carry it, as nodes. The basics: no tables, no HTML, links to https only.

import { link, make } from "./dom.js";
import { emphasised, Finished, token, unescaped } from "./inline.js";

const DEEPEST = 8; // quotes and lists inside each other: text from outside must not exhaust the stack

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const QUOTE = /^ {0,3}(?:>|&gt;) ?/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])(\s+)(?=\S)/;

export function markdown(text, names) {
  return paragraphs(Finished.cleaned(text).replaceAll("\t", "    ").split("\n"), names, 0);
}

function paragraphs(lines, names, depth) {
  const nodes = [];
  for (let at = 0; at < lines.length;) {
    const piece = depth < DEEPEST ? special(lines, at, names, depth) : null;
    if (piece) {
      nodes.push(piece.node);
      at = piece.next;
    } else if (lines[at].trim() === "") {
      at++;
    } else {
      let end = at + 1;
      while (end < lines.length && lines[end].trim() !== "" && (depth >= DEEPEST || !begins(lines[end]))) end++;
      nodes.push(
        make(
          "p",
          {},
          ...inline(
            lines
              .slice(at, end)
              .map((line) => line.trim())
              .join("\n"),
            names,
          ),
        ),
      );
      at = end;
    }
  }
  return nodes;
}

function begins(line) {
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line);
}

/** What begins at this line if it is no paragraph: `{node, next}`, else null. */
function special(lines, at, names, depth) {
  const line = lines[at];
  if (FENCE.test(line)) return fence(lines, at);
  const heading = line.match(HEADING);
  if (heading) {
    return {
      node: make("div", { class: "heading", role: "heading", "aria-level": "2" }, ...inline(heading[2], names)),
      next: at + 1,
    };
  }
  if (RULE.test(line)) return { node: make("hr"), next: at + 1 };
  if (QUOTE.test(line)) {
    let end = at;
    while (end < lines.length && QUOTE.test(lines[end])) end++;
    const inside = lines.slice(at, end).map((quoted) => quoted.replace(QUOTE, ""));
    return { node: make("blockquote", {}, ...paragraphs(inside, names, depth + 1)), next: end };
  }
  return ITEM.test(line) ? list(lines, at, names, depth) : null;
}

function fence(lines, at) {
  const mark = lines[at].match(FENCE)[1];
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end++;
  return { node: make("pre", {}, unescaped(lines.slice(at + 1, end).join("\n"))), next: end + 1 };
}

function list(lines, at, names, depth) {
  const [, indent, first] = lines[at].match(ITEM);
  const numbered = /\d/.test(first);
  const items = [];
  let loose = false;
  let next = at;
  for (; next < lines.length; next++) {
    const line = lines[next];
    const item = line.match(ITEM);
    const inside = indentation(line);
    if (item && inside < indent.length + 2 && /\d/.test(item[2]) === numbered && !RULE.test(line)) {
      if (inside < indent.length) break;
      items.push({ width: item[0].length, lines: [line.slice(item[0].length)] });
    } else if (line.trim() === "") {
      let after = next;
      while (after < lines.length && lines[after].trim() === "") after++;
      const goesOn =
        after < lines.length &&
        (indentation(lines[after]) >= indent.length + 2 || sameList(lines[after], indent, numbered));
      if (!goesOn) break;
      loose = true;
      items.at(-1).lines.push("");
      next = after - 1;
    } else if (inside >= indent.length + 2 || (!begins(line) && lines[next - 1].trim() !== "")) {
      items.at(-1).lines.push(line.slice(Math.min(inside, items.at(-1).width)));
    } else break;
  }
  const start = numbered ? Number.parseInt(first, 10) : 1;
  const node = make(
    numbered ? "ol" : "ul",
    { start: start === 1 ? null : start },
    items.map((item) => listItem(item, names, depth)),
  );
  if (loose) node.classList.add("loose");
  return { node, next };
}

function indentation(line) {
  return line.length - line.trimStart().length;
}

function sameList(line, indent, numbered) {
  const item = line.match(ITEM);
  return item !== null && item[1].length === indent.length && /\d/.test(item[2]) === numbered;
}

function listItem(item, names, depth) {
  const nodes = paragraphs(item.lines, names, depth + 1);
  const tight = nodes[0]?.tagName === "P" ? [...nodes[0].childNodes, ...nodes.slice(1)] : nodes;
  return make("li", {}, ...tight);
}

const MARKS = [
  { mark: "**", tag: "strong" },
  { mark: "__", tag: "strong", border: true },
  { mark: "~~", tag: "s" },
  { mark: "*", tag: "em" },
  { mark: "_", tag: "em", border: true },
];

// Escapes, code, [label](address), <…> and bare addresses, whichever comes first.
const FINISHED = new RegExp(
  [
    /\\([!-/:-@[-`{-~])/,
    /(`{1,2})(?!`)([^\n]*?[^`\n])\2(?!`)/,
    /!?\[((?:[^[\]\\\n]|\\.)*)\]\(\s*([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)(?:\s+"[^"\n]*")?\s*\)/,
    /<([^<>\s][^<>\n]*)>/,
    /(https:\/\/(?:(?!&[lg]t;)[^\s<>|\0])*[\p{L}\p{N}/=&#$+-])/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gu",
);

function inline(text, names) {
  const finished = new Finished();
  const spill = (plain) => finished.spill(plain);
  const held = text.replace(FINISHED, (whole, escape, _ticks, code, label, address, content, bare) => {
    if (escape !== undefined) return finished.hold(escape);
    if (code !== undefined) return finished.hold(make("code", {}, unescaped(code)));
    const node = outward(label, address, content, bare, names, spill);
    return finished.hold(node ?? unescaped(whole));
  });
  return emphasised(held, MARKS, spill);
}

/** The link or mention that was written, or null where it may not be followed: then the reader sees its source. */
function outward(label, address, content, bare, names, spill) {
  if (label !== undefined)
    return link(unescaped(address), emphasised(label.replace(/\\(.)/g, "$1"), MARKS, spill), ["https:"]);
  if (content !== undefined)
    return /^[@#!]/.test(content) ? token(content, names) : link(unescaped(content), [unescaped(content)], ["https:"]);
  return link(unescaped(bare), [unescaped(bare)], ["https:"]);
}
