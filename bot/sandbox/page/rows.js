// From a channel's messages to the rows of a log: roots with their replies counted, ephemerals among them, lost roots marked.

import { closeTogether } from "./clock.js";
import { unread } from "./unread.js";

const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;
const byTs = (one, other) => (one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0);

/** The channel itself: everything that is not a reply, oldest first. */
export function channelRows(state, channel) {
  const replies = Map.groupBy(channel.messages.filter(isReply), (message) => message.thread_ts);
  const roots = channel.messages.filter((message) => !isReply(message));
  const known = new Set(roots.map((message) => message.ts));
  const lost = [...replies.keys()].filter((ts) => !known.has(ts)).map(lostRoot);
  const shown = [
    ...roots.map((message) => ({ message })),
    ...lost,
    ...ephemerals(state, channel).filter(({ message }) => !message.thread_ts),
  ];
  return inOrder(
    shown.map((row) => ({ ...row, thread: summary(state, channel, row.message, replies.get(row.message.ts)) })),
  );
}

/** One thread: its root, a line with the number of replies, and the replies. */
export function threadRows(state, channel, ts) {
  const root = channel.messages.find((message) => message.ts === ts);
  const replies = channel.messages
    .filter((message) => isReply(message) && message.thread_ts === ts)
    .map((message) => ({ message }));
  const whispers = ephemerals(state, channel).filter(({ message }) => message.thread_ts === ts);
  const later = inOrder([...replies, ...whispers]);
  return { root: root ? { message: root } : lostRoot(ts), count: replies.length, later };
}

function summary(state, channel, root, replies) {
  if (!replies) return undefined;
  return {
    count: replies.length,
    last: replies.at(-1).ts,
    authors: [...new Set(replies.map((reply) => reply.user))],
    fresh: unread(state.me, channel, root.ts).length > 0,
  };
}

function ephemerals(state, channel) {
  return state.ephemerals
    .filter((message) => message.channel === channel.id)
    .map((message) => ({ message, ephemeral: true }));
}

function lostRoot(ts) {
  return {
    gone: true,
    message: { ts, user: "", name: "", text: "This message was deleted.", blocks: [], reactions: [], files: [] },
  };
}

/** By time, and who follows whom under one name. */
function inOrder(rows) {
  const sorted = rows.toSorted((one, other) => byTs(one.message, other.message));
  return sorted.map((row, i) => ({ ...row, follows: i > 0 && belongTogether(sorted[i - 1], row) }));
}

function belongTogether(before, row) {
  if ([before, row].some(({ ephemeral, gone }) => ephemeral || gone) || before.thread) return false;
  return (
    before.message.user === row.message.user &&
    before.message.bot === row.message.bot &&
    closeTogether(before.message.ts, row.message.ts)
  );
}
