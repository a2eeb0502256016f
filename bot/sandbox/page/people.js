// Who is who: names for mentions, faces made of initials, and text as a person types it.

import { make } from "./dom.js";
import { unescaped } from "./inline.js";

const HUES = 8;

/** Who is who in this state: `{me, bot, everyone, person(id), channel(id), author(message), hue(id)}`. */
export function namesIn(state) {
  const { bot } = state;
  const people = new Map([
    [bot.user_id, bot.name],
    ...state.people.map((person) => [person.id, person.real_name || person.name]),
  ]);
  const channels = new Map(state.channels.map((channel) => [channel.id, channel.name]));
  const order = [...people.keys()];
  return {
    me: state.me,
    bot,
    everyone: [
      ...state.people.map((one) => ({ id: one.id, name: one.real_name || one.name, handle: one.name, title: one.title })),
      { id: bot.user_id, name: bot.name, handle: bot.handle, title: "App" },
    ],
    person: (id) => people.get(id),
    channel: (id) => channels.get(id),
    author: (message) => people.get(message.user) ?? message.name ?? message.user,
    hue: (id) => (id === bot.user_id ? "bot" : Math.max(0, order.indexOf(id)) % HUES),
  };
}

/** A square with initials, in a colour that stays with the person. */
export function face(id, names, name = names.person(id) ?? id) {
  const initials = name
    .split(/\s+/)
    .filter((part) => /^[\p{L}\p{N}]/u.test(part))
    .slice(0, 2)
    .map((part) => [...part][0])
    .join("");
  return make("span", { class: `face hue-${names.hue(id)}`, "aria-hidden": "true" }, initials.toUpperCase() || "?");
}

/** A stored text as its author would type it again: mentions as @name, links as addresses, no entities. */
export function typedAgain(text, { people: known, bot }) {
  const people = new Map([[bot.user_id, bot.handle], ...known.map((person) => [person.id, person.name])]);
  return unescaped(
    text.replace(/<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>/g, (whole, sign, target, label) => {
      if (sign === "@") return `@${people.get(target) ?? label ?? target}`;
      if (sign === "#") return `#${label ?? target}`;
      if (sign === "!") return label ? `@${label.replace(/^@/, "")}` : `@${target}`;
      return label && target === `mailto:${label}` ? label : target;
    }),
  );
}
