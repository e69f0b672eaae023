import { toHex } from "../../../base/hex.ts";
import { md5 } from "../../../base/md5.ts";
import type { Cursor } from "./cursor.ts";
import { dissectExtensions, type ExtensionNumbers } from "./extensions.ts";
import * as fields from "./fields.ts";
import { CIPHER_SUITES, isGrease } from "./suites.ts";

const TLS_1_3 = 0x0304;
const RANDOM_LENGTH = 32;
const NO_EXTENSIONS: ExtensionNumbers = { types: [], groups: [], formats: [] };

/** Shows a client's hello (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2). @param version that the two have agreed on */
export function dissectClientHello(cursor: Cursor, version: number): void {
  const legacy = cursor.number(fields.VERSION);
  dissectRandom(cursor, version);
  dissectSessionId(cursor);
  const length = cursor.number(fields.SUITES_LENGTH);
  const suites: number[] = [];
  cursor.within(fields.SUITES, length, `Cipher Suites (${length >> 1} suites)`, () => {
    cursor.each(() => {
      const suite = cursor.number(fields.SUITE);
      if (!isGrease(suite)) suites.push(suite);
    });
  });
  const methods = cursor.number(fields.COMPRESSIONS_LENGTH);
  const title = `Compression Methods (${methods} method${methods === 1 ? "" : "s"})`;
  cursor.within(fields.COMPRESSIONS, methods, title, () => {
    cursor.each(() => {
      cursor.number(fields.COMPRESSION);
    });
  });
  const at = cursor.at;
  const { types, groups, formats } = dissectBlock(cursor, true);
  const full = [legacy, ...[suites, types, groups, formats].map((numbers) => numbers.join("-"))].join(",");
  addPrint(cursor, at, fields.JA3_FULL, fields.JA3, full);
}

/** Shows a server's hello (RFC 8446 §4.1.3, RFC 5246 §7.4.1.3). */
export function dissectServerHello(cursor: Cursor, version: number): void {
  const legacy = cursor.number(fields.VERSION);
  dissectRandom(cursor, version);
  dissectSessionId(cursor);
  const suite = cursor.number(fields.SUITE);
  cursor.number(fields.COMPRESSION);
  const at = cursor.at;
  const { types } = dissectBlock(cursor, false);
  addPrint(cursor, at, fields.JA3S_FULL, fields.JA3S, `${legacy},${suite},${types.join("-")}`);
}

/** The extensions with their length, which may not be there at all. */
function dissectBlock(cursor: Cursor, client: boolean): ExtensionNumbers {
  if (cursor.left === 0) return NO_EXTENSIONS;
  const length = cursor.number(fields.EXTENSIONS_LENGTH);
  if (length > cursor.left) cursor.short = true;
  return dissectExtensions(cursor, client);
}

/** What it was before TLS 1.3 said that all of it is random: it began with the time. */
function dissectRandom(cursor: Cursor, version: number): void {
  const { tree, at, bytes } = cursor;
  if (cursor.left < RANDOM_LENGTH || version === TLS_1_3) {
    cursor.piece(fields.RANDOM, RANDOM_LENGTH);
    return;
  }
  tree.open(fields.RANDOM, at, RANDOM_LENGTH, bytes.subarray(at, at + RANDOM_LENGTH));
  tree.add(fields.RANDOM_TIME, at, 4, BigInt(cursor.peek(4)) * 1_000_000_000n);
  tree.add(fields.RANDOM_BYTES, at + 4, RANDOM_LENGTH - 4, bytes.subarray(at + 4, at + RANDOM_LENGTH));
  tree.close();
  cursor.at += RANDOM_LENGTH;
}

function dissectSessionId(cursor: Cursor): void {
  const length = cursor.number(fields.SESSION_ID_LENGTH);
  if (length > 0) cursor.piece(fields.SESSION_ID, length);
}

/** By what it says of itself an implementation is known again. */
function addPrint(
  cursor: Cursor,
  at: number,
  full: typeof fields.JA3_FULL,
  short: typeof fields.JA3,
  text: string,
): void {
  const print = toHex(md5(new TextEncoder().encode(text)));
  cursor.tree.generated(full, text, undefined, at, 0);
  cursor.tree.generated(short, print, undefined, at, 0);
}

/** `"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"` tells how keys are agreed on: the word behind TLS. */
export function keyExchangeOf(suite: number): "ECDHE" | "DHE" | "RSA" | "other" {
  const name = CIPHER_SUITES[suite] ?? "";
  if (/^TLS_ECDHE?_/.test(name)) return "ECDHE";
  if (/^TLS_DHE?_/.test(name)) return "DHE";
  return name.startsWith("TLS_RSA_WITH") ? "RSA" : "other";
}
