// Slack's timestamps as people read them. A ts is an id: it is compared as a string and becomes a number only here.
// And the present time: the sandbox's, which may be ahead of this machine's.

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const wholeDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const wholeMoment = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const toTheMinute = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const toTheMillisecond = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

const moment = (seconds) => new Date(Number(seconds) * 1000);

let ahead = 0;

/** What time it is in the sandbox, in seconds since 1970. */
export function setNow(seconds) {
  ahead = seconds * 1000 - Date.now();
}

export const now = () => new Date(Date.now() + ahead);
export const fullMinute = (date) => toTheMinute.format(date);
export const clockTime = (ts) => timeOfDay.format(moment(ts));
export const fullTime = (ts) => wholeMoment.format(moment(ts));
export const exactTime = (seconds) => toTheMillisecond.format(moment(seconds));

/** The day of a ts in words: Today, Yesterday, else the date. */
export function dayName(ts) {
  const days = Math.round((midnight(now()) - midnight(moment(ts))) / 86_400_000);
  return days === 0 ? "Today" : days === 1 ? "Yesterday" : wholeDay.format(moment(ts));
}

/** Whether two messages are close enough to stand under one name. */
export function closeTogether(earlier, later) {
  return moment(later) - moment(earlier) < 5 * 60_000 && dayName(earlier) === dayName(later);
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
