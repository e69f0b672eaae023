import { text as line } from "../../../capture/dissect/dissector.ts";
import { lineOf } from "../../../capture/dissect/field-text.ts";
import { spelledDuration } from "../../dns/dissect/cursor.ts";
import { dissectCertificate } from "./certificate/certificate.ts";
import { HANDSHAKE_TYPES } from "./codes.ts";
import type { Cursor } from "./cursor.ts";
import { dissectAlgorithm, dissectExtensions } from "./extensions.ts";
import * as fields from "./fields.ts";
import { dissectClientHello, dissectServerHello, keyExchangeOf } from "./hello.ts";
import type { Session } from "./session.ts";

const PART = line("");
const TLS_1_2 = 0x0303;
const TLS_1_3 = 0x0304;

/** Shows the handshake messages of a record. @returns their names, for the list */
export function dissectHandshakes(cursor: Cursor, session: Session): string[] {
  const names: string[] = [];
  const { end } = cursor;
  while (cursor.left > 0) {
    const type = cursor.peek(1);
    const length = cursor.peek(3, cursor.at + 1);
    const name = HANDSHAKE_TYPES[type];
    if (name === undefined || cursor.left < 4 + length) {
      names.push(name === undefined ? "Unknown Handshake Message" : name);
      const rest = name === undefined ? "Encrypted Handshake Message" : `${name} (fragment)`;
      cursor.piece(fields.HANDSHAKE, cursor.left, `Handshake Protocol: ${rest}`);
      break;
    }
    names.push(name);
    cursor.within(fields.HANDSHAKE, 4 + length, `Handshake Protocol: ${name}`, () => {
      cursor.number(fields.TYPE);
      cursor.number(fields.LENGTH);
      dissectMessage(type, cursor, session);
    });
    cursor.end = end;
  }
  return names;
}

function dissectMessage(type: number, cursor: Cursor, session: Session): void {
  if (type === 1) dissectClientHello(cursor, session.version);
  else if (type === 2) dissectServerHello(cursor, session.version);
  else if (type === 4) newSessionTicket(cursor, session);
  else if (type === 8) extensions(cursor);
  else if (type === 11) certificate(cursor, session);
  else if (type === 12) serverKeyExchange(cursor, session);
  else if (type === 16) clientKeyExchange(cursor, session);
  else if (type === 15) {
    if (session.version >= TLS_1_2) dissectAlgorithm(cursor);
    cursor.piece(fields.VERIFY_SIGNATURE, cursor.number(fields.VERIFY_SIGNATURE_LENGTH));
  } else if (type === 13) certificateRequest(cursor, session);
  else if (type === 20) cursor.piece(fields.VERIFY_DATA, cursor.left);
  else if (type === 24) cursor.number(fields.KEY_UPDATE);
}

/** RFC 8446 §4.3.1 */
function extensions(cursor: Cursor): void {
  cursor.number(fields.EXTENSIONS_LENGTH);
  dissectExtensions(cursor, false);
}

/** RFC 8446 §4.3.2; the one of RFC 5246 §7.4.4 is not looked into. */
function certificateRequest(cursor: Cursor, { version }: Session): void {
  if (version !== TLS_1_3) return;
  requestContext(cursor);
  extensions(cursor);
}

function requestContext(cursor: Cursor): void {
  const length = cursor.number(fields.REQUEST_CONTEXT_LENGTH);
  if (length > 0) cursor.piece(fields.REQUEST_CONTEXT, length);
}

/** RFC 5246 §7.4.2, RFC 8446 §4.4.2 */
function certificate(cursor: Cursor, { version }: Session): void {
  if (version === TLS_1_3) requestContext(cursor);
  const length = cursor.number(fields.CERTIFICATES_LENGTH);
  if (length === 0) return;
  cursor.within(fields.CERTIFICATES, length, `Certificates (${length} bytes)`, () => {
    cursor.each(() => {
      const each = cursor.number(fields.CERTIFICATE_LENGTH);
      oneCertificate(cursor, each);
      if (version !== TLS_1_3) return;
      const { end } = cursor;
      cursor.end = Math.min(end, cursor.at + 2 + cursor.peek(2));
      extensions(cursor);
      cursor.end = end;
    });
  });
}

function oneCertificate(cursor: Cursor, length: number): void {
  const { tree, bytes, at } = cursor;
  const end = Math.min(at + length, cursor.end);
  if (at + length > cursor.end) cursor.short = true;
  const piece = bytes.subarray(at, end);
  tree.open(fields.CERTIFICATE, at, piece.length, piece);
  const subject = dissectCertificate(bytes, at, end, tree);
  tree.close(lineOf(fields.CERTIFICATE, piece) + (subject === "" ? "" : ` (${subject})`));
  cursor.at = end;
}

/** RFC 8422 §5.4; other ways to agree on keys are not looked into. */
function serverKeyExchange(cursor: Cursor, session: Session): void {
  if (keyExchangeOf(session.suite) !== "ECDHE") return;
  cursor.within(PART, cursor.left, "EC Diffie-Hellman Server Params", () => {
    cursor.number(fields.CURVE_TYPE, (value) => {
      const name = fields.CURVE_TYPE.values?.[value] ?? "Unknown";
      return `Curve Type: ${name} (0x${value.toString(16).padStart(2, "0")})`;
    });
    cursor.number(fields.NAMED_CURVE);
    cursor.piece(fields.SERVER_POINT, cursor.number(fields.SERVER_POINT_LENGTH));
    if (cursor.left === 0) return;
    if (session.version >= TLS_1_2) dissectAlgorithm(cursor);
    signature(cursor);
  });
}

function signature(cursor: Cursor): void {
  cursor.piece(fields.SIGNATURE, cursor.number(fields.SIGNATURE_LENGTH));
}

/** RFC 8422 §5.7 */
function clientKeyExchange(cursor: Cursor, session: Session): void {
  if (keyExchangeOf(session.suite) !== "ECDHE") return;
  cursor.within(PART, cursor.left, "EC Diffie-Hellman Client Params", () => {
    cursor.piece(fields.CLIENT_POINT, cursor.number(fields.CLIENT_POINT_LENGTH));
  });
}

/** RFC 5077 §3.3, RFC 8446 §4.6.1 */
function newSessionTicket(cursor: Cursor, { version }: Session): void {
  cursor.within(PART, cursor.left, "TLS Session Ticket", () => {
    cursor.number(fields.TICKET_LIFETIME, (value) => {
      const spelled = value > 0 ? ` (${spelledDuration(value)})` : "";
      return `Session Ticket Lifetime Hint: ${value} seconds${spelled}`;
    });
    if (version === TLS_1_3) {
      cursor.number(fields.TICKET_AGE_ADD);
      cursor.piece(fields.NONCE, cursor.number(fields.NONCE_LENGTH));
    }
    cursor.piece(fields.TICKET, cursor.number(fields.TICKET_LENGTH));
    if (version === TLS_1_3) extensions(cursor);
  });
}
