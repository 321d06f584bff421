// What has been said in a place, and what in reply to what?

/** Everything in a place, oldest first: what was said, and what Slackbot said to this person alone. */
export const everything = (app, place) =>
  [...place.messages.filter((message) => !message.deleted), ...(app.ui.notices[place.id] ?? [])].sort(
    (one, other) => Number(one.ts) - Number(other.ts),
  );

/** The replies to a message, oldest first. */
export const repliesTo = (app, place, ts) => everything(app, place).filter((message) => message.thread_ts === ts);

/** What was replied to each message, by its ts: what all see, the oldest first. */
export function byThread(all) {
  const threads = new Map();
  for (const message of all) {
    if (!message.thread_ts || message.ephemeral) continue;
    if (!threads.has(message.thread_ts)) threads.set(message.thread_ts, []);
    threads.get(message.thread_ts).push(message);
  }
  return threads;
}

/** When it was said, in milliseconds. */
export const moment = (message) => Number.parseFloat(message.ts) * 1000;
