/** The names of the fields that say where a message ends and what becomes of the connection. */
const NAMES = ["host", "connection", "content-length", "transfer-encoding", "expect", "upgrade"] as const;

/** 0 is none of them. */
export type SpecialName = 0 | 1 | 2 | 3 | 4 | 5 | 6;
export const HOST = 1;
export const CONNECTION = 2;
export const CONTENT_LENGTH = 3;
export const TRANSFER_ENCODING = 4;
export const EXPECT = 5;
export const UPGRADE = 6;

const BY_LENGTH = new Uint8Array(32);
const OCTETS: readonly Uint8Array[] = [
  new Uint8Array(0),
  ...NAMES.map((name) => Uint8Array.from(name, (character) => character.charCodeAt(0))),
];
NAMES.forEach((name, index) => {
  BY_LENGTH[name.length] = index + 1;
});

/** Which of them stands between the two positions, without case. What stands there is a token. */
export function specialName(bytes: Uint8Array, start: number, end: number): SpecialName {
  const length = end - start;
  const found = length < BY_LENGTH.length ? BY_LENGTH[length]! : 0;
  if (found === 0) return 0;
  const name = OCTETS[found]!;
  // 0x20 makes letters small; of the other octets of tokens it makes none a letter or a hyphen.
  for (let i = 0; i < length; i++) if ((bytes[start + i]! | 0x20) !== name[i]) return 0;
  return found as SpecialName;
}
