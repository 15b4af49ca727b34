/** The fields of a cron text: their names and the least and the most that they can be. */
const FIELDS = [
  ["minute", 0, 59],
  ["hour", 0, 23],
  ["day of the month", 1, 31],
  ["month", 1, 12],
  ["day of the week", 0, 7],
] as const;

/** So many days ahead is every time that there is: a 29th of February may be eight years away. */
const DAYS = 366 * 9;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The times that a cron text names, in UTC: `minute hour day month weekday`, as `*`, `5`, `1-5`, `*\/10` and lists of these. */
export class Cron {
  readonly #minutes: ReadonlySet<number>;
  readonly #hours: ReadonlySet<number>;
  readonly #isDay: (date: Date) => boolean;

  /** @throws {RangeError} It names no time, and says why. */
  constructor(text: string) {
    const fields = text.split(/\s+/).filter((field) => field !== "");
    if (fields.length !== FIELDS.length) throw new RangeError(`there are ${fields.length} fields where there have to be 5`);
    const [minutes, hours, days, months, weekdays] = fields.map((field, place) => numbers(field, place)) as [
      Set<number>,
      Set<number>,
      Set<number>,
      Set<number>,
      Set<number>,
    ];
    // Sunday is both.
    if (weekdays.has(7)) weekdays.add(0);
    this.#minutes = minutes;
    this.#hours = hours;
    const [isAnyDay, isAnyWeekday] = [fields[2] === "*", fields[4] === "*"];
    this.#isDay = (date) => {
      if (!months.has(date.getUTCMonth() + 1)) return false;
      const [isDay, isWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
      // Where both are said, either will do, as cron has it.
      return isAnyDay || isAnyWeekday ? isDay && isWeekday : isDay || isWeekday;
    };
    if (this.next(new Date(0)) === undefined) throw new RangeError("no day is like that");
  }

  /** The first time behind `time`. */
  next(time: Date): Date | undefined {
    const from = Math.floor(time.getTime() / 60_000) * 60_000 + 60_000;
    const day = new Date(Math.floor(from / DAY_MS) * DAY_MS);
    for (let count = 0; count < DAYS; count++, day.setTime(day.getTime() + DAY_MS)) {
      if (!this.#isDay(day)) continue;
      for (let hour = 0; hour < 24; hour++) {
        if (!this.#hours.has(hour)) continue;
        for (let minute = 0; minute < 60; minute++) {
          const at = day.getTime() + (hour * 60 + minute) * 60_000;
          if (this.#minutes.has(minute) && at >= from) return new Date(at);
        }
      }
    }
    return undefined;
  }
}

/** The numbers that a field names. */
function numbers(field: string, place: number): Set<number> {
  const [name, least, most] = FIELDS[place] as (typeof FIELDS)[number];
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    const [, first, last, step] = match ?? [];
    const from = Number(first ?? least);
    const to = Number(last ?? (first === undefined || step !== undefined ? most : first));
    const by = Number(step ?? 1);
    if (!match || from < least || to > most || from > to || by === 0) {
      throw new RangeError(`the ${name} ${JSON.stringify(part)} is none of ${least} to ${most}`);
    }
    for (let number = from; number <= to; number += by) found.add(number);
  }
  return found;
}
