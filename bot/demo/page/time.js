// What day and hour is it, and how does one write it?
//
// "Now" is the workspace's clock, never the browser's. Days are ISO strings and are counted in UTC, where none is short.

const FORMATS = new Map();

/** A format is slow to make and is used for every message at every drawing. */
function formatOf(locale, options) {
  const name = `${locale} ${JSON.stringify(options)}`;
  if (!FORMATS.has(name)) FORMATS.set(name, new Intl.DateTimeFormat(locale, options));
  return FORMATS.get(name);
}

/** Date and time of a moment in a zone: {date: "2026-11-23", time: "09:00"}. */
export function inZone(ms, zone) {
  const format = formatOf("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  return { date: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}` };
}

/** Is this a real day, written as 2026-11-23? */
export function isDay(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text ?? "")) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The day `count` days after `day`. */
export function addDays(day, count) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The same day `count` months later, or that month's last. */
export function addMonths(day, count) {
  const [year, month, dayOfMonth] = day.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + count, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(dayOfMonth, last));
  return first.toISOString().slice(0, 10);
}

/** 0 for Sunday … 6 for Saturday. */
export const weekday = (day) => new Date(`${day}T00:00:00Z`).getUTCDay();

/** The weekday that a week begins with, 0 for Sunday. */
export function weekBegins(locale) {
  const known = new Intl.Locale(locale);
  return ((known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1) % 7;
}

/** A day in words; `options` as for Intl.DateTimeFormat. */
export function writeDay(day, locale, options) {
  return formatOf(locale, { timeZone: "UTC", ...options }).format(new Date(`${day}T00:00:00Z`));
}

/** A moment in words, in a zone. */
export function writeMoment(ms, zone, locale, options) {
  return formatOf(locale, { timeZone: zone, ...options }).format(ms);
}

/** How hours are written: "9:00 AM" where the day has twice twelve, "09:00" elsewhere. */
export const hourStyle = (locale) => ({ hour: /^en(-US)?$/.test(locale) ? "numeric" : "2-digit", minute: "2-digit" });

/** "9:00 AM" or "09:00". */
export const writeTime = (ms, zone, locale) => writeMoment(ms, zone, locale, hourStyle(locale));

function ordinal(number) {
  const ending = { one: "st", two: "nd", few: "rd", other: "th" };
  return number + ending[new Intl.PluralRules("en", { type: "ordinal" }).select(number)];
}

/** Is this day less than six months away? Then Slack leaves its year out. */
function isNear(day, today) {
  return day > addMonths(today, -6) && day < addMonths(today, 6);
}

const AGO = [
  ["year", 365 * 86400],
  ["month", 30 * 86400],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 0],
];

/** "3 minutes ago", "in 2 days". */
function writeAgo(ms, now, locale) {
  const seconds = Math.round((ms - now) / 1000);
  const [unit, length] = AGO.find(([, least]) => Math.abs(seconds) >= least);
  return new Intl.RelativeTimeFormat(locale).format(Math.trunc(seconds / (length || 1)), unit);
}

/**
 * One token of a date's format (docs.slack.dev, "Formatting message text" and, for the longer list, "Date element"):
 * ordinals in English only, as there.
 */
function writeDateToken(token, ms, { zone, locale, now, words }) {
  const { date } = inZone(ms, zone);
  const today = inZone(now, zone).date;
  const near = { [today]: words.today, [addDays(today, 1)]: words.tomorrow, [addDays(today, -1)]: words.yesterday }[
    date
  ]?.toLocaleLowerCase(locale);
  const english = locale.startsWith("en");
  const write = (options) => writeDay(date, locale, options);
  const full = (withYear, withWeekday) => {
    if (!english)
      return write({
        ...(withWeekday && { weekday: "long" }),
        day: "numeric",
        month: "long",
        ...(withYear && { year: "numeric" }),
      });
    const weekdayName = withWeekday ? `${writeDay(date, "en", { weekday: "long" })}, ` : "";
    const text = `${weekdayName}${writeDay(date, "en", { month: "long" })} ${ordinal(Number(date.slice(8)))}`;
    return withYear ? `${text}, ${date.slice(0, 4)}` : text;
  };
  const withYear = !isNear(date, today);
  switch (token) {
    case "date_num":
      return date;
    case "date_slash":
      return write({ day: "2-digit", month: "2-digit", year: "numeric" });
    case "date":
      return full(withYear, false);
    case "date_pretty":
      return near ?? full(withYear, false);
    case "date_short":
      return write({ month: "short", day: "numeric", ...(withYear && { year: "numeric" }) });
    case "date_short_pretty":
      return near ?? write({ month: "short", day: "numeric", ...(withYear && { year: "numeric" }) });
    case "date_long":
      return full(withYear, true);
    case "date_long_pretty":
      return near ?? full(withYear, true);
    case "date_long_full":
      return write({ month: "long", day: "numeric", year: "numeric" });
    case "day_divider_pretty":
      return near ?? full(date.slice(0, 4) !== today.slice(0, 4), true);
    case "time":
      return writeTime(ms, zone, locale);
    case "time_secs":
      return writeMoment(ms, zone, locale, { ...hourStyle(locale), second: "2-digit" });
    case "ago":
      return writeAgo(ms, now, locale);
    default:
      return null;
  }
}

/**
 * The text of Slack's `<!date^seconds^format>`; what is no token stays as it was written. It begins with a capital
 * (reported: the first letter of the whole text, wherever it comes from).
 */
export function writeDate(format, seconds, reader) {
  const text = format.replace(
    /\{(\w+)\}/g,
    (whole, token) => writeDateToken(token, Number(seconds) * 1000, reader) ?? whole,
  );
  return capitalised(text);
}

/** The day as Slack heads a day's messages: "Today", "Monday, November 23rd", "Måndag 23 november". */
export const writeDayHeading = (day, reader) =>
  writeDate("{day_divider_pretty}", Date.parse(`${day}T12:00:00Z`) / 1000, { ...reader, zone: "UTC", now: dayIn(reader) });

/** Noon of the reader's own day, for days that are counted in UTC. */
const dayIn = ({ now, zone }) => Date.parse(`${inZone(now, zone).date}T12:00:00Z`);

export const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);
