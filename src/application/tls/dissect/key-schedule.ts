import { concatenate } from "../../../base/concatenate.ts";
import type { Ciphers, HashName } from "./ciphers.ts";

const ASCII = new TextEncoder();
const NOTHING = new Uint8Array(0);

/** HKDF-Expand-Label (RFC 8446 §7.1, RFC 5869 §2.3). @param length octets, at most 255 */
export function expandLabel(
  ciphers: Ciphers,
  hash: HashName,
  secret: Uint8Array,
  label: string,
  length: number,
): Uint8Array {
  const name = ASCII.encode(`tls13 ${label}`);
  const info = Uint8Array.from([length >> 8, length & 0xff, name.length, ...name, 0]);
  return stretched(length, (before, count) => {
    return ciphers.hmac(hash, secret, concatenate([before, info, Uint8Array.of(count)]));
  });
}

/** The secret that comes after one (RFC 8446 §7.2). */
export const nextSecret = (ciphers: Ciphers, hash: HashName, secret: Uint8Array): Uint8Array =>
  expandLabel(ciphers, hash, secret, "traffic upd", secret.length);

/** The pseudorandom function of TLS 1.2 (RFC 5246 §5). */
export function pseudorandom(
  ciphers: Ciphers,
  hash: HashName,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const labelled = concatenate([ASCII.encode(label), seed]);
  let link = labelled;
  return stretched(length, () => {
    link = ciphers.hmac(hash, secret, link);
    return ciphers.hmac(hash, secret, concatenate([link, labelled]));
  });
}

/** So many octets of block after block, each made of the one before. */
function stretched(length: number, next: (before: Uint8Array, count: number) => Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  let block: Uint8Array = NOTHING;
  for (let have = 0, count = 1; have < length; have += block.length, count++) {
    block = next(block, count);
    blocks.push(block);
  }
  return concatenate(blocks).slice(0, length);
}
