import { parseCookieDate } from "./cookie-date.ts";

/** Bytes of a name and value together, and of an attribute's value (RFC 6265bis §5.6). */
export const COOKIE_LIMIT = 4096;
const ATTRIBUTE_LIMIT = 1024;

/** What a Set-Cookie field says (RFC 6265 §5.2). */
export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** Milliseconds since 1970; undefined when not given. */
  readonly expires: number | undefined;
  /** Seconds from now; it goes before {@link expires}. */
  readonly maxAge: number | undefined;
  /** In lower case, without a leading dot; undefined for the host that set it alone. */
  readonly domain: string | undefined;
  /** Undefined for the default of the URL. */
  readonly path: string | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** In lower case; nothing here acts by it. */
  readonly sameSite: string | undefined;
}

/** Controls but tab: whoever sends one means no good (RFC 6265bis §5.6 step 1). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/;

const trim = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, "");

/** Reads the value of a Set-Cookie field as a user agent has to (RFC 6265 §5.2). @returns undefined for one to be ignored */
export function parseSetCookie(text: string): SetCookie | undefined {
  if (CONTROLS.test(text)) return undefined;
  const [pair = "", ...attributes] = text.split(";");
  const equals = pair.indexOf("=");
  if (equals < 0) return undefined;
  const name = trim(pair.slice(0, equals));
  const value = trim(pair.slice(equals + 1));
  if (name === "" || name.length + value.length > COOKIE_LIMIT) return undefined;
  return { name, value, ...attributesOf(attributes) };
}

type Attributes = { -readonly [Name in Exclude<keyof SetCookie, "name" | "value">]: SetCookie[Name] };

function attributesOf(written: readonly string[]): Attributes {
  const attributes: Attributes = {
    expires: undefined,
    maxAge: undefined,
    domain: undefined,
    path: undefined,
    secure: false,
    httpOnly: false,
    sameSite: undefined,
  };
  for (const each of written) {
    const equals = each.indexOf("=");
    const name = trim(equals < 0 ? each : each.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? "" : trim(each.slice(equals + 1));
    if (value.length <= ATTRIBUTE_LIMIT) take(attributes, name, value);
  }
  return attributes;
}

/** The last of a name is the one that counts (RFC 6265 §5.3, steps 3, 4 and 7). */
function take(attributes: Attributes, name: string, value: string): void {
  switch (name) {
    case "expires": // §5.2.1
      attributes.expires = parseCookieDate(value) ?? attributes.expires;
      break;
    case "max-age": // §5.2.2
      if (/^-?\d+$/.test(value)) attributes.maxAge = Number(value);
      break;
    case "domain": // §5.2.3: an empty one is passed over
      if (value !== "") attributes.domain = value.replace(/^\./, "").toLowerCase();
      break;
    case "path": // §5.2.4
      attributes.path = value.startsWith("/") ? value : undefined;
      break;
    case "secure":
      attributes.secure = true;
      break;
    case "httponly":
      attributes.httpOnly = true;
      break;
    case "samesite":
      attributes.sameSite = value.toLowerCase();
      break;
  }
}
