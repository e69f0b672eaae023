const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const DAY = `(?:${DAYS.join("|")})`;
const LONG_DAY = `(?:${LONG_DAYS.join("|")})`;
const MONTH = `(${MONTHS.join("|")})`;
const TIME = "(\\d\\d):(\\d\\d):(\\d\\d)";
const IMF_FIXDATE = new RegExp(`^${DAY}, (\\d\\d) ${MONTH} (\\d{4}) ${TIME} GMT$`);
const RFC_850 = new RegExp(`^${LONG_DAY}, (\\d\\d)-${MONTH}-(\\d\\d) ${TIME} GMT$`);
const ASCTIME = new RegExp(`^${DAY} ${MONTH} ( \\d|\\d\\d) ${TIME} (\\d{4})$`);

const YEARS_AHEAD = 50;

/** Prints a time as an IMF-fixdate (RFC 9110 §5.6.7). @param time milliseconds since 1970; fractions of a second are cut off */
export const formatHttpDate = (time: number): string => new Date(time).toUTCString();

/**
 * Reads an HTTP date in any of the three forms of RFC 9110 §5.6.7. The day of the week need not fit.
 * @param now milliseconds since 1970, by which years of two digits are understood
 * @returns milliseconds since 1970; undefined for what is no such date
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  const modern = IMF_FIXDATE.exec(text);
  if (modern !== null) {
    const [, day, month, year, ...time] = modern;
    return timeOf(Number(year), month, day, time);
  }
  const asctime = ASCTIME.exec(text);
  if (asctime !== null) {
    const [, month, day, hour, minute, second, year] = asctime;
    return timeOf(Number(year), month, day, [hour, minute, second]);
  }
  const old = RFC_850.exec(text);
  if (old === null) return undefined;
  const [, day, month, digits, ...time] = old;
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  const near = timeOf(year > thisYear + YEARS_AHEAD ? year - 100 : year, month, day, time);
  // RFC 9110 §5.6.7: what seems more than 50 years in the future is the last such year in the past
  const limit = new Date(now).setUTCFullYear(thisYear + YEARS_AHEAD);
  return near !== undefined && near > limit ? timeOf(year - 100, month, day, time) : near;
}

function timeOf(
  year: number,
  month: string | undefined,
  day: string | undefined,
  [hour, minute, second]: readonly (string | undefined)[],
): number | undefined {
  const numbers = [Number(day), Number(hour), Number(minute), Number(second)] as const;
  // A leap second, the 60th, is that of the next minute's begin.
  if (numbers[1] > 23 || numbers[2] > 59 || numbers[3] > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, MONTHS.indexOf(month ?? ""), numbers[0]);
  if (date.getUTCDate() !== numbers[0]) return undefined;
  return date.setUTCHours(numbers[1], numbers[2], numbers[3]);
}
