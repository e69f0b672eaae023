import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type SecureContext, TLSSocket } from "node:tls";
import type { TlsClientOptions, TlsServerOptions } from "../../../socket/tls.ts";
import type { Contexts } from "./contexts.ts";

/** Node's client over a stream. */
export function clientSocket(
  wire: Duplex,
  options: TlsClientOptions,
  secureContext: SecureContext,
  session?: Uint8Array,
): TLSSocket {
  const { alpn, serverName } = options;
  return connect({
    socket: wire,
    secureContext,
    servername: isIP(serverName) === 0 ? serverName : "", // SNI has no addresses (RFC 6066 §3)
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
    ...(session === undefined ? {} : { session: Buffer.from(session) }),
    // Both are done afterwards, in `verify`, for servers and clients alike.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
}

/** Node's server over a stream. */
export function serverSocket(
  wire: Duplex,
  options: TlsServerOptions,
  secureContext: SecureContext,
  contexts: Contexts,
): TLSSocket {
  const { alpn, identityOf, clientCertificate } = options;
  const SNICallback = (name: string, answer: (error: Error | null, context?: SecureContext) => void): void => {
    try {
      const identity = identityOf?.(name);
      answer(null, identity === undefined ? undefined : contexts.of(options, identity));
    } catch (error) {
      answer(error as Error);
    }
  };
  return new TLSSocket(wire, {
    isServer: true,
    secureContext,
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
    ...(identityOf === undefined ? {} : { SNICallback }),
    requestCert: clientCertificate !== undefined,
    // Makes OpenSSL refuse a client that shows no certificate; one that it shows is judged afterwards, in `verify`.
    rejectUnauthorized: clientCertificate === "require",
  });
}
