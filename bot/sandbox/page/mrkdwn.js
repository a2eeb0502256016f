// Slack's mrkdwn as nodes: ``` and ` are split out first, then <…>, then quotes and * _ ~; entities are undone last.

import { link, make } from "./dom.js";
import { emphasised, Finished, token, unescaped } from "./inline.js";

const MARKS = [
  { mark: "*", tag: "strong", border: true },
  { mark: "_", tag: "em", border: true },
  { mark: "~", tag: "s", border: true },
];

/** `names` knows people and channels: `{person(id), channel(id), me}`. */
export function mrkdwn(text, names) {
  const pieces = Finished.cleaned(text).split(/```\n?([\s\S]*?)```/);
  return pieces.flatMap((piece, i) => {
    if (i % 2) return [make("pre", {}, unescaped(piece.replace(/\n$/, "")))];
    const lines = piece.replace(i > 0 ? /^\n/ : "", "").replace(i < pieces.length - 1 ? /\n$/ : "", "");
    return lines === "" ? [] : quotes(lines, names);
  });
}

const QUOTED = /^(?:&gt;|>) ?/;
const QUOTED_TO_THE_END = /^(?:&gt;|>){3} ?/;

/** Runs of lines that begin with > become quotes; >>> quotes all that follows. */
function quotes(text, names) {
  const runs = [];
  let toTheEnd = false;
  for (const line of text.split("\n")) {
    const starts = !toTheEnd && QUOTED_TO_THE_END.test(line);
    const quoted = toTheEnd || starts || QUOTED.test(line);
    const words = toTheEnd ? line : line.replace(starts ? QUOTED_TO_THE_END : QUOTED, "");
    toTheEnd ||= starts;
    if (runs.at(-1)?.quoted === quoted) runs.at(-1).lines.push(words);
    else runs.push({ quoted, lines: [words] });
  }
  return runs.flatMap(({ quoted, lines }) => {
    const nodes = lines.flatMap((line, i) => (i ? ["\n", ...inline(line, names)] : inline(line, names)));
    return quoted ? [make("blockquote", {}, ...nodes)] : nodes;
  });
}

const BARE_ADDRESS = /https?:\/\/(?:(?!&[lg]t;)[^\s<>|\0])*[\p{L}\p{N}/=&#$+-]/gu;

function inline(line, names) {
  const finished = new Finished();
  const text = line
    .replace(/`([^`]+)`/g, (_, code) => finished.hold(make("code", {}, unescaped(code))))
    .replace(/<([^<>\0]+)>/g, (whole, content) => {
      const node = token(content, names);
      return finished.hold(node ?? unescaped(whole));
    })
    .replace(BARE_ADDRESS, (address) => {
      const node = link(unescaped(address), [unescaped(address)]);
      return node ? finished.hold(node) : address;
    });
  return emphasised(text, MARKS, (plain) => finished.spill(plain));
}
