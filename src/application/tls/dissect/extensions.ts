import { decodeLatin1 } from "../../../base/latin1.ts";
import { text as line } from "../../../capture/dissect/dissector.ts";
import { algorithmName, extensionName, GROUPS } from "./codes.ts";
import type { Cursor } from "./cursor.ts";
import * as fields from "./fields.ts";
import { isGrease } from "./suites.ts";

const PART = line("");

/** What of the extensions tells clients apart (JA3). */
export interface ExtensionNumbers {
  readonly types: number[];
  readonly groups: number[];
  readonly formats: number[];
}

type Read = (cursor: Cursor, client: boolean, numbers: ExtensionNumbers) => void;

/** Shows the extensions of a hello (RFC 8446 §4.2). @param client whether it is the client's */
export function dissectExtensions(cursor: Cursor, client: boolean): ExtensionNumbers {
  const numbers: ExtensionNumbers = { types: [], groups: [], formats: [] };
  cursor.each(() => {
    const type = cursor.peek(2);
    const length = cursor.peek(2, cursor.at + 2);
    if (!isGrease(type)) numbers.types.push(type);
    cursor.within(PART, 4 + length, `Extension: ${extensionName(type)} (len=${length})`, () => {
      cursor.number(fields.EXTENSION_TYPE, (value) => `Type: ${extensionName(value)} (${value})`);
      cursor.number(fields.EXTENSION_LENGTH);
      const read = READERS[type];
      if (read !== undefined) read(cursor, client, numbers);
      else nothing(cursor, client, numbers);
    });
  });
  return numbers;
}

const data: Read = (cursor) => {
  cursor.piece(fields.EXTENSION_DATA, cursor.left, `Data (${cursor.left} bytes)`);
};

/** RFC 6066 §3 */
const serverName: Read = (cursor) => {
  if (cursor.left === 0) return;
  cursor.within(PART, cursor.left, "Server Name Indication extension", () => {
    cursor.number(fields.NAMES_LENGTH);
    cursor.each(() => {
      cursor.number(fields.NAME_TYPE);
      text(cursor, cursor.number(fields.NAME_LENGTH), fields.NAME);
    });
  });
};

function text(cursor: Cursor, length: number, definition: typeof fields.NAME): string {
  const known = Math.min(length, cursor.left);
  const value = decodeLatin1(cursor.bytes, cursor.at, cursor.at + known);
  if (known < length) cursor.short = true;
  cursor.tree.add(definition, cursor.at, known, value);
  cursor.at += known;
  return value;
}

/** RFC 8422 §5.1.1 */
const supportedGroups: Read = (cursor, _, { groups }) => {
  const length = cursor.number(fields.GROUPS_LENGTH);
  cursor.within(fields.GROUPS, length, `Supported Groups (${length >> 1} groups)`, () => {
    cursor.each(() => {
      const group = cursor.number(fields.GROUP, (value) => `Supported Group: ${groupName(value)} (0x${hex(value)})`);
      if (!isGrease(group)) groups.push(group);
    });
  });
};

/** RFC 8422 §5.1.2 */
const pointFormats: Read = (cursor, _, { formats }) => {
  const length = cursor.number(fields.FORMATS_LENGTH);
  cursor.within(fields.FORMATS, length, `Elliptic curves point formats (${length})`, () => {
    cursor.each(() => formats.push(cursor.number(fields.FORMAT)));
  });
};

/** RFC 8446 §4.2.3 */
const signatureAlgorithms: Read = (cursor) => {
  const length = cursor.number(fields.ALGORITHMS_LENGTH);
  cursor.within(fields.ALGORITHMS, length, `Signature Hash Algorithms (${length >> 1} algorithms)`, () => {
    cursor.each(() => dissectAlgorithm(cursor));
  });
};

/** One algorithm, with the two halves that it had before TLS 1.3. */
export function dissectAlgorithm(cursor: Cursor): void {
  const number = cursor.peek(2);
  const title = `Signature Algorithm: ${algorithmName(number)} (0x${hex(number)})`;
  const { tree, at } = cursor;
  if (cursor.left < 2) {
    cursor.number(fields.ALGORITHM);
    return;
  }
  tree.open(fields.ALGORITHM, at, 2, number, title);
  cursor.number(fields.ALGORITHM_HASH);
  cursor.number(fields.ALGORITHM_SIGNATURE);
  tree.close();
}

/** RFC 7301 §3.1 */
const protocols: Read = (cursor) => {
  const length = cursor.number(fields.ALPN_LENGTH);
  cursor.within(fields.ALPN_LIST, length, undefined, () => {
    cursor.each(() => {
      text(cursor, cursor.number(fields.ALPN_NAME_LENGTH), fields.ALPN_NAME);
    });
  });
};

/** RFC 8446 §4.2.1 */
const supportedVersions: Read = (cursor, client) => {
  if (client) cursor.number(fields.VERSIONS_LENGTH);
  cursor.each(() => {
    cursor.number(fields.SUPPORTED_VERSION, grease("Supported Version"));
  });
};

/** RFC 8446 §4.2.9 */
const pskModes: Read = (cursor) => {
  cursor.number(fields.PSK_MODES_LENGTH);
  cursor.each(() => {
    cursor.number(fields.PSK_MODE);
  });
};

/** RFC 8446 §4.2.8 */
const keyShare: Read = (cursor, client) => {
  cursor.within(PART, cursor.left, "Key Share extension", () => {
    if (client) cursor.number(fields.SHARES_LENGTH);
    else if (cursor.left === 2) cursor.number(fields.SELECTED_GROUP);
    cursor.each(() => {
      const group = cursor.peek(2);
      const length = cursor.peek(2, cursor.at + 2);
      const title = `Key Share Entry: Group: ${shareGroup(group)}, Key Exchange length: ${length}`;
      cursor.within(PART, 4 + length, title, () => {
        cursor.number(fields.SHARE_GROUP, (value) => `Group: ${groupName(value)} (${value})`);
        cursor.number(fields.SHARE_LENGTH);
        cursor.piece(fields.SHARE, cursor.left);
      });
    });
  });
};

const groupName = (group: number): string => GROUPS[group] ?? (isGrease(group) ? "Reserved (GREASE)" : "Unknown");
const shareGroup = (group: number): string => {
  const name = groupName(group);
  return name === "Unknown" ? `Unknown (${group})` : name;
};
const hex = (number: number): string => number.toString(16).padStart(4, "0");
const grease =
  (label: string) =>
  (value: number): string =>
    isGrease(value)
      ? `${label}: Reserved (GREASE) (0x${hex(value)})`
      : `${label}: ${fields.SUPPORTED_VERSION.values?.[value] ?? "Unknown"} (0x${hex(value)})`;

/** RFC 8446 §4.2.11 */
const preSharedKey: Read = (cursor, client) => {
  cursor.within(PART, cursor.left, "Pre-Shared Key extension", () => {
    if (!client) {
      cursor.number(fields.SELECTED_IDENTITY);
      return;
    }
    const end = cursor.at + 2 + cursor.peek(2);
    cursor.number(fields.IDENTITIES_LENGTH);
    while (cursor.at < end && cursor.left > 0) {
      const length = cursor.peek(2);
      cursor.within(PART, length + 6, `PSK Identity (length: ${length})`, () => {
        cursor.number(fields.IDENTITY_LENGTH);
        cursor.piece(fields.IDENTITY, length);
        cursor.number(fields.TICKET_AGE);
      });
    }
    cursor.number(fields.BINDERS_LENGTH);
    if (cursor.left > 0) cursor.piece(fields.BINDERS, cursor.left);
  });
};

/** RFC 5746 §3.2 */
const renegotiation: Read = (cursor) => {
  cursor.within(PART, cursor.left, "Renegotiation Info extension", () => {
    const length = cursor.number(fields.RENEGOTIATION_LENGTH);
    if (length > 0) cursor.piece(fields.RENEGOTIATION, length);
  });
};

/** For extensions that say something by being there. */
const nothing: Read = (cursor, client, numbers) => {
  if (cursor.left > 0) data(cursor, client, numbers);
};

const padding: Read = (cursor) => {
  cursor.piece(fields.PADDING, cursor.left);
};

const READERS: Readonly<Record<number, Read>> = {
  0: serverName,
  10: supportedGroups,
  11: pointFormats,
  13: signatureAlgorithms,
  16: protocols,
  21: padding,
  35: data,
  41: preSharedKey,
  43: supportedVersions,
  45: pskModes,
  50: signatureAlgorithms,
  51: keyShare,
  65281: renegotiation,
};
