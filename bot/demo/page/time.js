// What day and hour is it, and how does one write it?
//
// "Now" is the workspace's clock, never the browser's. Days are ISO strings and are counted in UTC, where none is short.

const PARTS = new Map();

/** Date and time of a moment in a zone: {date: "2026-11-23", time: "09:00"}. */
export function inZone(ms, zone) {
  let format = PARTS.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    PARTS.set(zone, format);
  }
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
  return new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).format(new Date(`${day}T00:00:00Z`));
}

/** A moment in words, in a zone. */
export function writeMoment(ms, zone, locale, options) {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }).format(ms);
}

/** How hours are written: "9:00 AM" where the day has twice twelve, "09:00" elsewhere. */
export const hourStyle = (locale) => ({ hour: /^en(-US)?$/.test(locale) ? "numeric" : "2-digit", minute: "2-digit" });

/** "9:00 AM" or "09:00". */
export const writeTime = (ms, zone, locale) => writeMoment(ms, zone, locale, hourStyle(locale));

function ordinal(number) {
  const ending = { one: "st", two: "nd", few: "rd", other: "th" };
  return number + ending[new Intl.PluralRules("en", { type: "ordinal" }).select(number)];
}

/** The day as Slack heads a day's messages: "Monday, November 23rd", "måndag 23 november". */
export function writeDayHeading(day, locale, withYear) {
  if (!locale.startsWith("en")) {
    const text = writeDay(day, locale, {
      weekday: "long",
      day: "numeric",
      month: "long",
      ...(withYear && { year: "numeric" }),
    });
    return text.charAt(0).toUpperCase() + text.slice(1);
  }
  const heading = `${writeDay(day, "en", { weekday: "long" })}, ${writeDay(day, "en", { month: "long" })}`;
  return `${heading} ${ordinal(Number(day.slice(8)))}${withYear ? `, ${day.slice(0, 4)}` : ""}`;
}

/** The tokens of Slack's `<!date^ts^{token} …>`. */
export function writeDateToken(token, seconds, { zone, locale, now, words }) {
  const ms = seconds * 1000;
  const { date, time } = inZone(ms, zone);
  const today = inZone(now, zone).date;
  const near = { [today]: words.today, [addDays(today, 1)]: words.tomorrow, [addDays(today, -1)]: words.yesterday }[
    date
  ];
  const thisYear = date.slice(0, 4) === today.slice(0, 4);
  const year = thisYear ? {} : { year: "numeric" };
  const day = (options) => writeDay(date, locale, options);
  const english = locale.startsWith("en");
  switch (token) {
    case "date_num":
      return date;
    case "date":
      return english
        ? `${day({ month: "long" })} ${ordinal(Number(date.slice(8)))}, ${date.slice(0, 4)}`
        : day({ dateStyle: "long" });
    case "date_slash":
      return date.replaceAll("-", "/");
    case "date_short":
      return day({ month: "short", day: "numeric", year: "numeric" });
    case "date_long":
      return day({ weekday: "long", month: "long", day: "numeric", year: "numeric" });
    case "date_pretty":
      return near ?? day({ month: "long", day: "numeric", ...year });
    case "date_short_pretty":
      return near ?? day({ month: "short", day: "numeric", ...year });
    case "date_long_pretty":
      return near ?? day({ weekday: "long", month: "long", day: "numeric", ...year });
    case "day_divider_pretty":
      return near ?? writeDayHeading(date, locale, !thisYear);
    case "time":
      return writeTime(ms, zone, locale);
    case "time_secs":
      return writeMoment(ms, zone, locale, { ...hourStyle(locale), second: "2-digit" });
    case "ago":
      return near ?? `${date} ${time}`;
    default:
      return `{${token}}`;
  }
}
