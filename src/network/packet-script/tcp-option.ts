/** A TCP option as scripts write it. Sequence numbers and timestamps are the script's or the wire's, by where it stands. */
export type TcpOption =
  | { readonly kind: "mss"; readonly size: number }
  | { readonly kind: "wscale"; readonly shift: number }
  | { readonly kind: "sackOK" }
  | { readonly kind: "nop" }
  | { readonly kind: "eol" }
  | { readonly kind: "sack"; readonly blocks: readonly SackBlock[] }
  | { readonly kind: "TS"; readonly value: number; readonly echo: number }
  /** Fast Open: a cookie, or the request for one. */
  | { readonly kind: "FO"; readonly cookie: readonly number[] }
  /** Any other, by its number. */
  | { readonly kind: "other"; readonly number: number; readonly data: readonly number[] };

export interface SackBlock {
  readonly left: number;
  readonly right: number;
}

const END_OF_LIST = 0;
const NO_OPERATION = 1;
const FAST_OPEN = 34;

/** The bytes of options, as they are listed; filled up with zeros to a whole number of words, as packetdrill does. */
export function encodeTcpOptions(options: readonly TcpOption[]): number[] {
  const bytes = options.flatMap(encode);
  while (bytes.length % 4 > 0) bytes.push(END_OF_LIST);
  return bytes;
}

const word = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

function encode(option: TcpOption): number[] {
  switch (option.kind) {
    case "eol":
      return [END_OF_LIST];
    case "nop":
      return [NO_OPERATION];
    case "mss":
      return [2, 4, option.size >> 8, option.size & 255];
    case "wscale":
      return [3, 3, option.shift];
    case "sackOK":
      return [4, 2];
    case "sack":
      return [
        5,
        2 + option.blocks.length * 8,
        ...option.blocks.flatMap(({ left, right }) => [...word(left), ...word(right)]),
      ];
    case "TS":
      return [8, 10, ...word(option.value), ...word(option.echo)];
    case "FO":
      return [FAST_OPEN, 2 + option.cookie.length, ...option.cookie];
    case "other":
      return [option.number, 2 + option.data.length, ...option.data];
  }
}

/** Reads options as they stand, every one; what follows one of a wrong length is left out. */
export function decodeTcpOptions(bytes: Uint8Array): TcpOption[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const options: TcpOption[] = [];
  for (let at = 0; at < bytes.length; ) {
    const kind = view.getUint8(at);
    if (kind === END_OF_LIST || kind === NO_OPERATION) {
      options.push({ kind: kind === NO_OPERATION ? "nop" : "eol" });
      at++;
      continue;
    }
    const length = at + 1 < bytes.length ? view.getUint8(at + 1) : 0;
    if (length < 2 || at + length > bytes.length) break;
    options.push(decode(view, at, kind, length));
    at += length;
  }
  return options;
}

function decode(view: DataView, at: number, number: number, length: number): TcpOption {
  if (number === 2 && length === 4) return { kind: "mss", size: view.getUint16(at + 2) };
  if (number === 3 && length === 3) return { kind: "wscale", shift: view.getUint8(at + 2) };
  if (number === 4 && length === 2) return { kind: "sackOK" };
  if (number === 5 && length % 8 === 2) {
    const block = (index: number): SackBlock => ({
      left: view.getUint32(at + 2 + index * 8),
      right: view.getUint32(at + 6 + index * 8),
    });
    return { kind: "sack", blocks: Array.from({ length: (length - 2) / 8 }, (_, index) => block(index)) };
  }
  if (number === 8 && length === 10) {
    return { kind: "TS", value: view.getUint32(at + 2), echo: view.getUint32(at + 6) };
  }
  const data = Array.from({ length: length - 2 }, (_, index) => view.getUint8(at + 2 + index));
  return number === FAST_OPEN ? { kind: "FO", cookie: data } : { kind: "other", number, data };
}

const hexadecimal = (bytes: readonly number[]): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Writes an option as a script does. */
export function formatTcpOption(option: TcpOption): string {
  switch (option.kind) {
    case "mss":
      return `mss ${option.size}`;
    case "wscale":
      return `wscale ${option.shift}`;
    case "sack":
      return `sack ${option.blocks.map(({ left, right }) => `${left}:${right}`).join(" ")}`;
    case "TS":
      return `TS val ${option.value} ecr ${option.echo}`;
    case "FO":
      return option.cookie.length === 0 ? "FO" : `FO ${hexadecimal(option.cookie)}`;
    case "other":
      return `option ${option.number} ${hexadecimal(option.data)}`.trimEnd();
    default:
      return option.kind;
  }
}
