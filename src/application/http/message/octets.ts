/** The octets of HTTP's grammar by class, for look-up in tables (RFC 9110 §5.6, RFC 3986 §2). */

const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;

/** `tchar`: what tokens are made of (RFC 9110 §5.6.2). */
export const TOKEN = 1;
/** What may stand in a field value or a reason phrase: VCHAR, obs-text, SP and HTAB (RFC 9110 §5.5). */
export const VALUE = 2;
/**
 * What a request target is made of: all visible ASCII but `#`, for a fragment is not sent (RFC 9112 §3.2). Browsers send
 * some that RFC 3986 would have percent-encoded, such as `|`.
 */
export const TARGET = 4;
/** What a quoted-string holds beside quoted pairs (RFC 9110 §5.6.4). */
export const QUOTED = 8;
/** DIGIT. */
export const DIGIT = 16;
/** What a registered name is made of beside percent-encodings: unreserved and sub-delims (RFC 3986 §3.2.2). */
export const REG_NAME = 32;
/** VALUE without obs-text. */
export const ASCII_VALUE = 64;
/** What host names are made of: letters, digits, hyphens and dots. */
export const HOST_NAME = 128;

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The classes of each octet, as a sum. */
export const CLASS: Uint8Array = classes();

function classes(): Uint8Array {
  const table = new Uint8Array(256);
  const add = (what: number, characters: string) => {
    for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)]! |= what;
  };
  add(TOKEN, `!#$%&'*+-.^_\`|~${ALPHANUMERIC}`);
  add(REG_NAME, `-._~!$&'()*+,;=${ALPHANUMERIC}`);
  add(HOST_NAME, `-.${ALPHANUMERIC}`);
  add(DIGIT, "0123456789");
  for (let octet = 0; octet < 256; octet++) {
    const visible = octet > SP && octet < 0x7f;
    const blank = octet === SP || octet === HTAB;
    if (visible || blank) table[octet]! |= VALUE | ASCII_VALUE;
    if (octet >= 0x80) table[octet]! |= VALUE;
    if (visible && octet !== 0x23) table[octet]! |= TARGET;
    if ((table[octet]! & VALUE) !== 0 && octet !== QUOTE && octet !== BACKSLASH) table[octet]! |= QUOTED;
  }
  return table;
}

/** The value of each hexadecimal digit; −1 for all other octets. */
export const HEX: Int8Array = (() => {
  const table = new Int8Array(256).fill(-1);
  for (let digit = 0; digit < 16; digit++) {
    const character = digit.toString(16);
    table[character.charCodeAt(0)] = digit;
    table[character.toUpperCase().charCodeAt(0)] = digit;
  }
  return table;
})();

/** Whether the octet belongs to one of the classes. */
export const isOf = (what: number, octet: number): boolean => octet < 256 && (CLASS[octet]! & what) !== 0;

/** SP or HTAB: all whitespace that HTTP has. JavaScript's `trim` would take more, such as the octet 0xA0. */
export const isBlank = (octet: number): boolean => octet === SP || octet === HTAB;

/** The text without SP and HTAB at its ends. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Whether the text is a token (RFC 9110 §5.6.2). */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isOf(TOKEN, text.charCodeAt(i))) return false;
  return text.length > 0;
}

/** Whether the text could stand in a field value: no CR, LF, NUL nor another control, and nothing beyond U+00FF. */
export function isValueText(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isOf(VALUE, text.charCodeAt(i))) return false;
  return true;
}

/** Whether two names are the same but for the case of ASCII letters. `other` is compared from `start` on. */
export function isSameName(name: string, other: string, start: number): boolean {
  for (let i = 0; i < name.length; i++) {
    const a = name.charCodeAt(i);
    const b = other.charCodeAt(start + i);
    if (a !== b && ((a ^ b) !== 0x20 || (a | 0x20) < 0x61 || (a | 0x20) > 0x7a)) return false;
  }
  return true;
}
