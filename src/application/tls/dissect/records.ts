import type { StreamContext, TreeBuilder } from "../../../capture/dissect/dissector.ts";
import { ALERT_LEVELS, ALERTS, SHORT_VERSIONS } from "./codes.ts";
import { ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, isRecord, type TlsAbout } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import type { OpenedRecord } from "./decipherer.ts";
import * as fields from "./fields.ts";
import { dissectHandshakes } from "./handshake.ts";
import {
  gatherMessages,
  octets,
  type ShownMessage,
  type ShownRecord,
  showData,
  showMessage,
  tellSegments,
} from "./shown-inside.ts";

const HEAD = 5;
const TLS_1_3 = 0x0304;

/** Shows records (RFC 8446 §5, RFC 5246 §6.2): what they hold, where they could be opened. */
export function dissectRecords(bytes: Uint8Array, about: TlsAbout, tree: TreeBuilder, stream: StreamContext): void {
  const protocol = SHORT_VERSIONS[about.session.version] ?? "SSL";
  if (!about.goesOn) tree.columns({ protocol });
  tree.open(fields.TLS, 0, about.covered);
  const shown: Showing = { about, protocol, ciphered: about.ciphered, stream, told: [] };
  let short = false;
  for (let at = 0, index = 0; at + HEAD <= bytes.length && isRecord(bytes, at); index++) {
    const length = ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number);
    const cursor = new Cursor(bytes, tree, at, at + HEAD + length);
    tree.open(fields.RECORD, at, HEAD + length);
    short = dissectRecord(cursor, shown, about.opened[index]) || short;
    at += HEAD + length;
  }
  if (short) tree.malformed("TLS");
  else tree.close();
  tellAll(shown, tree);
}

/** What is known and was told while records are shown one after the other. */
interface Showing {
  readonly about: TlsAbout;
  /** The version, as the list has it. */
  readonly protocol: string;
  ciphered: boolean;
  readonly stream: StreamContext;
  readonly told: Told[];
}

/** What the list tells of a record: a name, or what the messages say whose data it holds. */
type Told = string | { readonly record: ShownRecord; readonly goesOn: ReturnType<typeof tellSegments> };

/** Shows the messages in application data, behind TLS's part, and says in the list what was told and what they are. */
function tellAll({ about, told }: Showing, tree: TreeBuilder): void {
  const { protocol, info: before } = tree.shown;
  const records = told.flatMap((each) => (typeof each === "string" ? [] : [each.record]));
  const messages = gatherMessages(records, tree);
  let info = before;
  /** What is not said anew: what earlier records said, and messages. */
  let kept = before;
  const append = (name: string): void => {
    info = info === "" ? name : `${info}, ${name}`;
  };
  let last: ShownMessage | undefined;
  for (const each of told) {
    if (typeof each === "string") {
      append(each);
      continue;
    }
    const { record, goesOn } = each;
    if (record.inside.dissector === undefined) {
      append("Application Data");
      showData(record, tree);
    }
    for (const message of messages) {
      if (message.record !== record) continue;
      tree.columns({ info: "" });
      showMessage(message, last, tree);
      last = message;
      kept += tree.shown.info;
      info = kept;
    }
    if (goesOn !== false) info = kept + (goesOn === "never" ? "" : "[TLS segment of a reassembled PDU]");
  }
  tree.columns({ info, ...(about.goesOn && { protocol }) });
}

/** Shows one record, whose part is open, and closes it. @returns whether it holds less than it says */
function dissectRecord(cursor: Cursor, shown: Showing, opened: OpenedRecord | undefined): boolean {
  const { tree, at } = cursor;
  const { version } = shown.about.session;
  const outer = cursor.peek(1);
  const opaque = outer === APPLICATION_DATA && version === TLS_1_3;
  cursor.number(opaque ? fields.OPAQUE_TYPE : fields.CONTENT_TYPE);
  cursor.number(fields.RECORD_VERSION);
  cursor.number(fields.RECORD_LENGTH);
  // Who has the keys in use opens no record that comes again.
  const isOpen = opened !== undefined && !shown.stream.again;
  const plain = isOpen ? opened.keys.open(cursor.bytes.subarray(at, cursor.end), opened.sequence) : undefined;
  if (opened === undefined || plain === undefined) {
    dissectContent(outer, cursor, shown, shown.ciphered);
    return cursor.short;
  }
  if (opaque) tree.generated(fields.CONTENT_TYPE, plain.type, undefined, at, 1);
  const { type, content } = plain;
  if (type === APPLICATION_DATA) dissectContent(type, cursor, shown, true);
  const source = tree.beginSource(`Decrypted TLS (${octets(content.length)})`, content);
  const inner = new Cursor(content, tree, 0, content.length);
  if (type !== APPLICATION_DATA) dissectContent(type, inner, shown, false);
  tree.endSource();
  if (type === APPLICATION_DATA) noteInside(shown, content, source, opened, tree);
  return cursor.short || inner.short;
}

/** Shows what a record holds, as it came or deciphered. */
function dissectContent(type: number, cursor: Cursor, shown: Showing, ciphered: boolean): void {
  const { tree } = cursor;
  const { about, told } = shown;
  const { session } = about;
  const close = (what: string): void => tree.close(`${shown.protocol} Record Layer: ${what}`);
  if (type === APPLICATION_DATA) {
    cursor.piece(fields.APPLICATION_DATA, cursor.left);
    if (session.application !== undefined) tree.generated(fields.APPLICATION_PROTOCOL, session.application);
    close(`Application Data Protocol: ${session.application ?? "Application Data"}`);
    told.push("Application Data");
  } else if (type === CHANGE_CIPHER_SPEC) {
    changeCipherSpec(cursor, about, shown);
    close("Change Cipher Spec Protocol: Change Cipher Spec");
    told.push("Change Cipher Spec");
  } else if (type === ALERT) {
    const text = alert(cursor, ciphered);
    close(text);
    told.push(text);
  } else if (type === HANDSHAKE) {
    const names = handshakes(cursor, about, ciphered);
    close(`Handshake Protocol: ${names.length === 1 ? names[0] : "Multiple Handshake Messages"}`);
    told.push(...names);
  } else {
    close("Unknown Record");
    told.push("Unknown Record");
  }
}

/** Tells of application data what TLS's own part says of it; its messages come later. */
function noteInside(
  { about, stream, told }: Showing,
  content: Uint8Array,
  source: number,
  { range }: OpenedRecord,
  tree: TreeBuilder,
): void {
  const { inside, direction, frame } = about;
  if (inside === undefined || range === undefined) return;
  const record: ShownRecord = { inside, direction, frame, range, content, source, stream };
  told.pop();
  told.push({ record, goesOn: inside.dissector !== undefined && tellSegments(record, tree) });
}

function changeCipherSpec(cursor: Cursor, { session, direction }: TlsAbout, state: { ciphered: boolean }): void {
  const { tree } = cursor;
  tree.open(fields.CHANGE_CIPHER_SPEC, cursor.at, cursor.left);
  if (direction === 1 && session.resumed && session.version !== TLS_1_3) tree.expert(fields.RESUMED);
  tree.close();
  state.ciphered = session.version !== TLS_1_3;
}

function alert(cursor: Cursor, ciphered: boolean): string {
  if (ciphered || cursor.left !== 2) {
    cursor.piece(fields.ALERT, cursor.left, "Alert Message: Encrypted Alert");
    return "Encrypted Alert";
  }
  const level = ALERT_LEVELS[cursor.peek(1)] ?? "Unknown";
  const description = ALERTS[cursor.peek(1, cursor.at + 1)] ?? "Unknown";
  cursor.within(fields.ALERT, 2, undefined, () => {
    cursor.number(fields.ALERT_LEVEL);
    cursor.number(fields.ALERT_DESCRIPTION);
  });
  return `Alert (Level: ${level}, Description: ${description})`;
}

function handshakes(cursor: Cursor, { session }: TlsAbout, ciphered: boolean): readonly string[] {
  if (!ciphered) return dissectHandshakes(cursor, session);
  cursor.piece(fields.HANDSHAKE, cursor.left, "Handshake Protocol: Encrypted Handshake Message");
  return ["Encrypted Handshake Message"];
}
