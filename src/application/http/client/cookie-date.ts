const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** Everything but what a token of a date is made of: digits, letters, ":" and bytes above ASCII (RFC 6265 §5.1.1). */
const DELIMITERS = /[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/;

const TIME = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)/;
const DAY = /^(\d{1,2})(?!\d)/;
const YEAR = /^(\d{2,4})(?!\d)/;

/**
 * Reads a date of a cookie as browsers do: in any order, with any delimiters (RFC 6265 §5.1.1).
 * @returns milliseconds since 1970, or undefined when it is none
 */
export function parseCookieDate(text: string): number | undefined {
  let time: RegExpExecArray | null = null;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;
  for (const token of text.split(DELIMITERS)) {
    if (time === null) {
      time = TIME.exec(token);
      if (time !== null) continue;
    }
    if (day === undefined) {
      day = numberAt(DAY, token);
      if (day !== undefined) continue;
    }
    if (month === undefined) {
      const index = MONTHS.indexOf(token.slice(0, 3).toLowerCase());
      if (index >= 0) {
        month = index;
        continue;
      }
    }
    year ??= numberAt(YEAR, token);
  }
  if (time === null || day === undefined || month === undefined || year === undefined) return undefined;
  return instantOf(fullYear(year), month, day, Number(time[1]), Number(time[2]), Number(time[3]));
}

function numberAt(pattern: RegExp, token: string): number | undefined {
  const digits = pattern.exec(token)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** RFC 6265 §5.1.1, steps 3 and 4. */
function fullYear(year: number): number {
  if (year >= 70 && year <= 99) return year + 1900;
  return year <= 69 ? year + 2000 : year;
}

function instantOf(year: number, month: number, day: number, hour: number, minute: number, second: number) {
  if (day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) return undefined;
  const instant = Date.UTC(year, month, day, hour, minute, second);
  return new Date(instant).getUTCDate() === day ? instant : undefined; // there is no 31 February
}
