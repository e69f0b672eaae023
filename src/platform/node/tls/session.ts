/**
 * What a client keeps to resume a session: Node's session with what Node no longer knows when it is resumed, the server's
 * certificate and whether it was verified. One octet of flags, four of the certificate's length, the certificate in DER (none
 * when it is empty), the session.
 */
export interface ClientSession {
  readonly certificate: Uint8Array | undefined;
  readonly verified: boolean;
  readonly session: Uint8Array;
}

const HEADER = 5;
const VERIFIED = 1;

export function packSession({ certificate = new Uint8Array(0), verified, session }: ClientSession): Uint8Array {
  const packed = new Uint8Array(HEADER + certificate.length + session.length);
  packed[0] = verified ? VERIFIED : 0;
  new DataView(packed.buffer).setUint32(1, certificate.length);
  packed.set(certificate, HEADER);
  packed.set(session, HEADER + certificate.length);
  return packed;
}

/** @returns undefined for what is no such thing */
export function unpackSession(packed: Uint8Array): ClientSession | undefined {
  if (packed.length < HEADER) return undefined;
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(1);
  const start = HEADER + length;
  if (start > packed.length) return undefined;
  return {
    certificate: length === 0 ? undefined : packed.slice(HEADER, start),
    verified: packed[0] === VERIFIED,
    session: packed.slice(start),
  };
}
