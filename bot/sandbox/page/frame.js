// What stands around the conversation: the top bar, the head of the place one is at, the sidebar as it folds.

import { make } from "./dom.js";
import { icon } from "./icons.js";

const part = (id) => document.getElementById(id);

/** The top bar; `as` is whom the person has chosen to be, even while the state is still somebody else's. */
export function drawTop(state, as) {
  part("team").textContent = state.team.domain;
  const options = state.people.map((person) => [person.id, `${person.real_name || person.name}${titleOf(person)}`]);
  const who = part("who");
  if (who.dataset.drawn !== JSON.stringify(options)) {
    who.replaceChildren(...options.map(([value, label]) => make("option", { value }, label)));
    who.dataset.drawn = JSON.stringify(options);
  }
  if (who.value !== as) who.value = as;
  const count = state.warnings.length;
  part("warning-count").hidden = count === 0;
  part("warning-count").replaceChildren(String(count), make("span", { class: "unseen" }, " warnings"));
}

/** The head of a channel, and which of its panes is open. */
export function drawHead(channel, atHome, names) {
  const isDm = channel.kind === "dm";
  const title = isDm ? names.bot.name : channel.name;
  const sign = isDm ? null : icon(channel.kind === "private" ? "lock" : "hash");
  part("place-name").replaceChildren(...[sign, title, isDm && make("span", { class: "app" }, "APP")].filter(Boolean));
  part("topic").textContent = isDm ? "Direct message with the support bot" : (channel.topic ?? "");
  part("tabs").hidden = !isDm;
  part("tab-messages").setAttribute("aria-selected", String(!atHome));
  part("tab-home").setAttribute("aria-selected", String(atHome));
  part("messages-pane").hidden = atHome;
  part("home-pane").hidden = !atHome;
  document.title = `${title} · ${names.person(names.me)} · Sandbox`;
}

/** On a narrow screen the sidebar lies over the page, until it is folded again. */
export function foldSidebar(folded) {
  part("sidebar").classList.toggle("open", !folded);
  part("fold-sidebar").setAttribute("aria-expanded", String(!folded));
}

function titleOf({ title, guest }) {
  const words = [title, guest && "guest"].filter(Boolean).join(", ");
  return words && ` — ${words}`;
}
