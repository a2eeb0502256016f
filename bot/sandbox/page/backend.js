// The way to the sandbox on this machine: read its state, hear of changes, and say what a person does.

const RETRY = 2000;

/** Do something in the sandbox; always answers `{ok, …}`, with `error` in plain words if not ok. */
export async function send(what, body) {
  try {
    const response = await fetch(`/sandbox/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    return answer.ok ? answer : { ...answer, ok: false, error: answer.error ?? "The sandbox refused this." };
  } catch {
    return { ok: false, error: "The sandbox did not answer." };
  }
}

/** The state as this person sees it (null: the first person), or null if the sandbox cannot be reached. */
export async function readState(person) {
  try {
    const response = await fetch(person ? `/sandbox/state?as=${encodeURIComponent(person)}` : "/sandbox/state");
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** Call `changed` at once and whenever something changed for this person; returns what ends it. Reconnects by itself. */
export function follow(person, { changed, stopped }) {
  let source;
  let retry;
  const connect = () => {
    source = new EventSource(`/sandbox/changes?as=${encodeURIComponent(person)}`);
    source.onopen = changed;
    source.onmessage = changed;
    source.onerror = () => {
      source.close();
      stopped();
      retry = setTimeout(connect, RETRY);
    };
  };
  connect();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}
