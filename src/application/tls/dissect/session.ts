import { VERSIONS } from "./codes.ts";

/** What is known of a connection, completed while its messages come. */
export interface Session {
  /** That both have agreed on; before that, what the first record says. */
  version: number;
  /** The cipher suite. */
  suite: number;
  /** What is spoken inside, as ALPN or the port tell. */
  application: string | undefined;
  /** The protocol that ALPN has chosen, by its own name. */
  alpn: string | undefined;
  /** The server goes on with keys of an earlier connection (RFC 5246 §7.3), before TLS 1.3. */
  resumed: boolean;
}

const SUPPORTED_VERSIONS = 43;
const ALPN = 16;
const CERTIFICATE = 11;
const SERVER_HELLO = 2;
const ENCRYPTED_EXTENSIONS = 8;

const APPLICATIONS: Readonly<Record<string, string>> = {
  "http/1.1": "Hypertext Transfer Protocol",
  "http/1.0": "Hypertext Transfer Protocol",
  h2: "HyperText Transfer Protocol 2",
};

/** The application that a port stands for, as Wireshark calls it. */
export const applicationOf = (port: number): string | undefined =>
  port === 443 ? "Hypertext Transfer Protocol" : port === 853 ? "Domain Name System" : undefined;

/** Takes from the handshake messages of a server's record, which are not ciphered, what the rest depends on. */
export function noteServerHandshakes(session: Session, body: Uint8Array): void {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  for (let at = 0; at + 4 <= body.length; ) {
    const type = body[at] as number;
    const length = view.getUint32(at) & 0xffffff;
    const end = at + 4 + length;
    if (end > body.length) return;
    if (type === SERVER_HELLO) noteServerHello(session, view, at + 4, end);
    else if (type === CERTIFICATE) session.resumed = false;
    at = end;
  }
}

function noteServerHello(session: Session, view: DataView, start: number, end: number): void {
  if (start + 38 > end) return;
  const legacy = view.getUint16(start);
  if (VERSIONS[legacy] !== undefined) session.version = legacy;
  const id = view.getUint8(start + 34);
  let at = start + 35 + id;
  if (at + 3 > end) return;
  session.suite = view.getUint16(at);
  session.resumed = true;
  at += 5;
  while (at + 4 <= end) {
    const type = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (at + 4 + length > end) return;
    if (type === SUPPORTED_VERSIONS && length === 2) session.version = view.getUint16(at + 4);
    if (type === ALPN && length > 3) noteAlpn(session, view, at + 7, at + 4 + length);
    at += 4 + length;
  }
}

/** Takes from a handshake message that was deciphered what the server has chosen (RFC 8446 §4.3.1). */
export function noteEncryptedExtensions(session: Session, type: number | undefined, message: Uint8Array): void {
  if (type !== ENCRYPTED_EXTENSIONS) return;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  for (let at = 2; at + 4 <= message.length; ) {
    const length = view.getUint16(at + 2);
    if (at + 4 + length > message.length) return;
    if (view.getUint16(at) === ALPN && length > 3) noteAlpn(session, view, at + 7, at + 4 + length);
    at += 4 + length;
  }
}

function noteAlpn(session: Session, view: DataView, from: number, to: number): void {
  let name = "";
  for (let at = from; at < to; at++) name += String.fromCharCode(view.getUint8(at));
  session.alpn = name;
  session.application = APPLICATIONS[name];
}
