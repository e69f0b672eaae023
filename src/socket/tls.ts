import type { CallOptions, Socket } from "./socket.ts";

export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** A certificate with its chain, own first, and its private key, both in PEM. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
}

interface CommonOptions extends CallOptions {
  /** Protocols for ALPN (RFC 7301), best first. */
  readonly alpn?: readonly string[] | undefined;
  /** TLSv1.2 unless given. */
  readonly minimum?: TlsVersion | undefined;
  /** TLSv1.3 unless given. */
  readonly maximum?: TlsVersion | undefined;
  /** Certificates of authorities, in PEM, that are trusted in place of the platform's. */
  readonly authorities?: readonly string[] | undefined;
}

export interface TlsClientOptions extends CommonOptions {
  readonly role: "client";
  /** Sent as SNI (RFC 6066 §3) unless it is an address, and checked against the peer's certificate. */
  readonly serverName: string;
  /** For a server that asks for one. */
  readonly identity?: TlsIdentity | undefined;
  /** Goes on with a certificate that cannot be verified; {@link TlsFacts.unverified} says why. */
  readonly insecure?: boolean | undefined;
  /** Of an earlier connection to the same server (see {@link TlsSocket.onSession}), to be resumed. */
  readonly session?: Uint8Array | undefined;
}

export interface TlsServerOptions extends CommonOptions {
  readonly role: "server";
  /** For a client that names no server, or one that {@link identityOf} does not know. */
  readonly identity: TlsIdentity;
  /** By the name that the client asks for (SNI). */
  readonly identityOf?: ((serverName: string) => TlsIdentity | undefined) | undefined;
  /** Asks clients for a certificate; with `"require"` a client without one that verifies is refused. */
  readonly clientCertificate?: "ask" | "require" | undefined;
}

export type TlsOptions = TlsClientOptions | TlsServerOptions;

/** What a handshake has settled. */
export interface TlsFacts {
  readonly version: TlsVersion;
  /** Its standard name: `"TLS_AES_256_GCM_SHA384"`. */
  readonly cipher: string;
  /** What ALPN chose. */
  readonly protocol: string | undefined;
  /** What the client asked for (SNI). */
  readonly serverName: string | undefined;
  /** Whether an earlier session was resumed. */
  readonly resumed: boolean;
  /** The peer's certificate, where it showed one. */
  readonly peer: TlsCertificate | undefined;
  /** Why the peer's certificate does not verify, for people; undefined when it does. */
  readonly unverified: string | undefined;
}

export interface TlsCertificate {
  /** Distinguished name: `"CN=example.test"`. */
  readonly subject: string;
  readonly issuer: string;
  /** As subjectAltName has them: `"DNS:example.test"`. */
  readonly names: readonly string[];
  readonly validFrom: string;
  readonly validTo: string;
  /** SHA-256 of the certificate, in hexadecimal with colons. */
  readonly fingerprint: string;
}

/** A socket whose bytes are ciphered on the wire. */
export interface TlsSocket extends Socket {
  readonly tls: TlsFacts;
  /** Called with what lets a client resume this session later. */
  onSession: ((session: Uint8Array) => void) | undefined;
  /** Why a call was refused with EPROTO: what the peer's alert said, or what was wrong with what it sent. */
  readonly failure: TlsError | undefined;
}

/** What ciphers a connection (RFC 8446, RFC 5246). Not every engine has one. */
export interface Tls {
  /**
   * Shakes hands over a connected stream socket, which from then on belongs to the result. A stream that ends without the
   * peer's close_notify ends with ECONNRESET, since somebody may have cut it off; one that is no TLS with EPROTO.
   * Closing the result sends close_notify.
   *
   * A server gives the same `identity` object for all its connections, so that clients can resume.
   * @throws TlsError when the handshake fails, SocketError as the socket's own calls do, the signal's reason when it
   *   aborts. The socket is closed then
   */
  wrap(socket: Socket, options: TlsOptions): Promise<TlsSocket>;
  /**
   * A certificate for host names and addresses, of the authority that all hosts of the network trust. Absent where there is
   * no such authority, as on the operating system.
   */
  readonly certify?: ((names: readonly string[]) => Promise<TlsIdentity>) | undefined;
}

/** A handshake that failed. */
export class TlsError extends Error {
  override name = "TlsError";
  /** As the maker names it: `"CERT_HAS_EXPIRED"`, `"ERR_SSL_NO_SHARED_CIPHER"`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
