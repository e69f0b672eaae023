import type { TreeBuilder } from "../../../capture/dissect/dissector.ts";
import { ALERT_LEVELS, ALERTS, SHORT_VERSIONS } from "./codes.ts";
import { ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, isRecord, type TlsAbout } from "./conversation.ts";
import { Cursor } from "./cursor.ts";
import * as fields from "./fields.ts";
import { dissectHandshakes } from "./handshake.ts";

const HEAD = 5;
const TLS_1_3 = 0x0304;

/** Shows records (RFC 8446 §5, RFC 5246 §6.2), as they are without the secrets of the connection. */
export function dissectRecords(bytes: Uint8Array, about: TlsAbout, tree: TreeBuilder): void {
  const protocol = SHORT_VERSIONS[about.session.version] ?? "SSL";
  const told: string[] = [];
  tree.columns({ protocol, info: "" });
  tree.open(fields.TLS, 0, about.covered);
  const state = { ciphered: about.ciphered };
  let short = false;
  for (let at = 0; at + HEAD <= bytes.length && isRecord(bytes, at); ) {
    const length = ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number);
    const cursor = new Cursor(bytes, tree, at, at + HEAD + length);
    tree.open(fields.RECORD, at, HEAD + length);
    told.push(...dissectRecord(cursor, protocol, about, state));
    short ||= cursor.short;
    tree.columns({ info: told.join(", ") });
    at += HEAD + length;
  }
  if (short) tree.malformed("TLS");
  else tree.close();
}

/** Shows one record, whose part is open, and closes it. @returns what the list tells of it */
function dissectRecord(
  cursor: Cursor,
  protocol: string,
  about: TlsAbout,
  state: { ciphered: boolean },
): readonly string[] {
  const { tree } = cursor;
  const { session } = about;
  const type = cursor.peek(1);
  const opaque = type === APPLICATION_DATA && session.version === TLS_1_3;
  cursor.number(opaque ? fields.OPAQUE_TYPE : fields.CONTENT_TYPE);
  cursor.number(fields.RECORD_VERSION);
  cursor.number(fields.RECORD_LENGTH);
  const close = (what: string): void => tree.close(`${protocol} Record Layer: ${what}`);
  if (type === APPLICATION_DATA) {
    cursor.piece(fields.APPLICATION_DATA, cursor.left);
    if (session.application !== undefined) tree.generated(fields.APPLICATION_PROTOCOL, session.application);
    close(`Application Data Protocol: ${session.application ?? "Application Data"}`);
    return ["Application Data"];
  }
  if (type === CHANGE_CIPHER_SPEC) {
    changeCipherSpec(cursor, about, state);
    close("Change Cipher Spec Protocol: Change Cipher Spec");
    return ["Change Cipher Spec"];
  }
  if (type === ALERT) {
    const text = alert(cursor, state.ciphered);
    close(text);
    return [text];
  }
  if (type === HANDSHAKE) {
    const names = handshakes(cursor, about, state.ciphered);
    close(`Handshake Protocol: ${names.length === 1 ? names[0] : "Multiple Handshake Messages"}`);
    return names;
  }
  close("Unknown Record");
  return ["Unknown Record"];
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
