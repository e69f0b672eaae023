import { fromBase64 } from "../../../base/base64.ts";
import type { Middleware } from "../handler.ts";
import { plain } from "../plain.ts";
import type { Request } from "../request.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface BasicAuthOptions {
  /** What the password is for, told to people. Without control characters. */
  readonly realm: string;
  /** Whether the password is the user's. */
  readonly verify: (credentials: Credentials) => boolean | Promise<boolean>;
}

/** What a request says of its user (RFC 7617). @returns undefined when it says nothing, or not well */
export function basicCredentials({ headers }: Pick<Request, "headers">): Credentials | undefined {
  const match = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(headers.get("authorization") ?? "");
  const bytes = match === null ? undefined : fromBase64(match[1] ?? "");
  if (bytes === undefined) return undefined;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const colon = text.indexOf(":");
  // RFC 7617 §2: neither part holds control characters.
  if (colon < 0 || /\p{Cc}/u.test(text)) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * Lets only known users through (RFC 7617). Passwords go over the wire as they are: only over TLS, or on loopback.
 * @throws TypeError for a realm that cannot be sent
 */
export function basicAuth({ realm, verify }: BasicAuthOptions): Middleware {
  if (!/^[\x20-\x7e]*$/.test(realm)) throw new TypeError("a realm is printable ASCII");
  const challenge = `Basic realm="${realm.replaceAll(/["\\]/g, "\\$&")}", charset="UTF-8"`;
  return (next) => async (request, info) => {
    const credentials = basicCredentials(request);
    if (credentials !== undefined && (await verify(credentials))) return next(request, info);
    return plain(401, "A user and password are needed.", {
      "WWW-Authenticate": challenge,
      "Cache-Control": "no-store",
    });
  };
}

/** Verifies against a list, in a time that does not tell how much of a password was right, or whether there is such a user. */
export function knownUsers(passwords: ReadonlyMap<string, string>): BasicAuthOptions["verify"] {
  const encoder = new TextEncoder();
  return ({ user, password }) => {
    const expected = passwords.get(user);
    const same = equalBytes(encoder.encode(password), encoder.encode(expected ?? password));
    return same && expected !== undefined;
  };
}

/** Compares all bytes, wherever the first difference is. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at % Math.max(1, b.length)] ?? 0);
  return difference === 0;
}
