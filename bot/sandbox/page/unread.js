// What a person has not seen yet: read marks by channel and by thread, kept in this browser.

const storageName = (person) => `read/${person}`;

function marks(person) {
  try {
    return JSON.parse(localStorage.getItem(storageName(person))) ?? {};
  } catch {
    return {};
  }
}

/** The person has seen this channel, or with `thread` that thread, up to now. */
export function markRead(person, channel, thread) {
  const last = messagesOf(channel, thread).reduce((latest, message) => (message.ts > latest ? message.ts : latest), "");
  const known = marks(person);
  const name = thread ? `${channel.id}/${thread}` : channel.id;
  if (!last || known[name] === last) return;
  localStorage.setItem(storageName(person), JSON.stringify({ ...known, [name]: last }));
}

/** Messages of others that came after the person last looked: in the channel with its threads, or in one thread. */
export function unread(person, channel, thread) {
  const known = marks(person);
  const since = known[thread ? `${channel.id}/${thread}` : channel.id] ?? "";
  return messagesOf(channel, thread).filter((message) => message.user !== person && message.ts > since);
}

function messagesOf(channel, thread) {
  return thread ? channel.messages.filter((message) => message.thread_ts === thread) : channel.messages;
}
