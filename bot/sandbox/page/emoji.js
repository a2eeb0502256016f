// The emoji that people at a support desk use, by Slack's names; any other stays as :name:.

import { make } from "./dom.js";

export const EMOJI = {
  "+1": "👍",
  "-1": "👎",
  wave: "👋",
  pray: "🙏",
  clap: "👏",
  ok_hand: "👌",
  raised_hands: "🙌",
  muscle: "💪",
  smile: "😄",
  slightly_smiling_face: "🙂",
  joy: "😂",
  wink: "😉",
  heart_eyes: "😍",
  thinking_face: "🤔",
  cry: "😢",
  rage: "😡",
  confused: "😕",
  sweat_smile: "😅",
  sunglasses: "😎",
  see_no_evil: "🙈",
  heart: "❤️",
  star: "⭐",
  fire: "🔥",
  tada: "🎉",
  rocket: "🚀",
  sparkles: "✨",
  raising_hand: "🙋",
  eyes: "👀",
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  x: "❌",
  no_entry: "⛔",
  warning: "⚠️",
  exclamation: "❗",
  question: "❓",
  information_source: "ℹ️",
  bulb: "💡",
  lock: "🔒",
  unlock: "🔓",
  key: "🔑",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  alarm_clock: "⏰",
  calendar: "📅",
  bell: "🔔",
  no_bell: "🔕",
  ticket: "🎫",
  label: "🏷️",
  memo: "📝",
  pushpin: "📌",
  paperclip: "📎",
  link: "🔗",
  mag: "🔍",
  books: "📚",
  envelope: "✉️",
  email: "📧",
  telephone_receiver: "📞",
  speech_balloon: "💬",
  bust_in_silhouette: "👤",
  busts_in_silhouette: "👥",
  robot_face: "🤖",
  technologist: "🧑‍💻",
  gear: "⚙️",
  wrench: "🔧",
  bug: "🐛",
  rotating_light: "🚨",
  credit_card: "💳",
  money_with_wings: "💸",
  arrow_right: "➡️",
  arrow_left: "⬅️",
  leftwards_arrow_with_hook: "↩️",
  arrows_counterclockwise: "🔄",
  red_circle: "🔴",
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  zzz: "💤",
};

const ALIASES = { thumbsup: "+1", thumbsdown: "-1", check: "white_check_mark", thinking: "thinking_face" };

/** One emoji, or `:name:` where the table has none. */
export function emoji(name) {
  const known = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  if (!Object.hasOwn(EMOJI, known)) return `:${name}:`;
  return make(
    "span",
    { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` },
    EMOJI[known],
  );
}

/** Text with its `:names:` turned into emoji: a list of strings and nodes. */
export function withEmoji(text) {
  return text.split(/:([a-z0-9_+-]{1,40}):(?::skin-tone-[2-6]:)?/).map((piece, i) => (i % 2 ? emoji(piece) : piece));
}
