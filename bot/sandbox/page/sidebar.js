// The list of places: channels, and the direct message with the bot; bold with a count where something is unread.

import { keepInStep, make } from "./dom.js";
import { icon } from "./icons.js";
import { face } from "./people.js";
import { unread } from "./unread.js";

export function drawSidebar(nav, { state, names, here, go }) {
  const entry = (channel) => ({
    channel,
    count: channel.id === here ? 0 : unread(state.me, channel).length,
    current: channel.id === here,
  });
  const group = (title, channels) => (channels.length ? [{ title }, ...channels.map(entry)] : []);
  const rows = [
    ...group(
      "Channels",
      state.channels.filter((channel) => channel.kind !== "dm"),
    ),
    ...group(
      "Direct messages",
      state.channels.filter((channel) => channel.kind === "dm"),
    ),
  ];
  keepInStep(nav, rows, {
    key: (row) => row.channel?.id ?? row.title,
    signature: ({ title, channel, count, current }) =>
      JSON.stringify([title, channel?.name, channel?.kind, count, current, names.bot.name]),
    build: (row) => (row.title ? make("h2", {}, row.title) : drawEntry(row, names, go)),
  });
}

function drawEntry({ channel, count, current }, names, go) {
  const isDm = channel.kind === "dm";
  const name = isDm ? names.bot.name : channel.name;
  const kind = channel.kind === "private" ? "private channel" : "channel";
  return make(
    "button",
    {
      type: "button",
      class: count ? "entry unread" : "entry",
      "aria-current": current ? "page" : null,
      "data-focus": "entry",
      onclick: () => go(channel.id),
    },
    isDm ? face(names.bot.user_id, names) : icon(channel.kind === "private" ? "lock" : "hash"),
    make("span", { class: "entry-name" }, name),
    isDm ? make("span", { class: "app" }, "APP") : make("span", { class: "unseen" }, kind),
    count > 0 && make("span", { class: "count" }, String(count), make("span", { class: "unseen" }, " unread")),
  );
}
