// Where the page is: who one is, which channel and thread is open. Kept in the address, so that a reload stays there.

const address = new URL(location.href);

export const place = {
  as: address.searchParams.get("as"),
  channel: address.searchParams.get("in"),
  thread: address.searchParams.get("thread"),
  tab: "messages",
};

/** Go somewhere; what is not named stays. The address follows, without a new entry in the history. */
export function move(changes) {
  Object.assign(place, changes);
  const now = new URL(location.href);
  for (const [name, value] of [
    ["as", place.as],
    ["in", place.channel],
    ["thread", place.thread],
  ]) {
    if (value) now.searchParams.set(name, value);
    else now.searchParams.delete(name);
  }
  history.replaceState(null, "", now);
}

/** The person that `?as=` means, by id or by name; the first where it means nobody. */
export function personNamed(wanted, people) {
  const plain = (text) => (text ?? "").toLowerCase();
  const found =
    people.find((person) => person.id === wanted) ??
    people.find((person) => [person.name, person.real_name].some((name) => plain(name) === plain(wanted))) ??
    people.find((person) => plain(person.real_name).split(" ")[0] === plain(wanted));
  return found ?? people[0];
}

/** The place that a link to a message means: `{channel, ts, thread}`, or null for any other link. */
export function placeOfLink(href, state) {
  const url = new URL(href, location.href);
  const found = url.pathname.match(/^\/archives\/([A-Z0-9]+)(?:\/p(\d{10})(\d{6}))?$/);
  const ours = url.host === location.host || url.host.split(".")[0] === state.team.domain;
  if (!found || !ours) return null;
  return { channel: found[1], ts: found[2] && `${found[2]}.${found[3]}`, thread: url.searchParams.get("thread_ts") };
}
