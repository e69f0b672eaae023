import { constants } from "node:crypto";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { TlsError, type TlsIdentity, type TlsOptions } from "../../../socket/tls.ts";

/** Only what keeps past traffic secret when a key is stolen, and names its own integrity (RFC 9325 §4.2). */
const CIPHERS = [
  ...["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"],
  ...["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"],
  ...["ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
].join(":");

/** Seconds for which a session can be resumed. */
const SESSION_LIFETIME = 86_400;

/** Octets that ALPN's choice adds to a ticket beside the protocol's name. */
const ALPN_OVERHEAD = 4;

/** What many connections share: OpenSSL takes a millisecond to read a key, and tickets hold within one context only. */
export class Contexts {
  readonly #authorities: readonly string[] | undefined;
  readonly #fixedLengths: boolean;
  /** By the list of authorities, the identity, and the rest as a text; each may go when its owner has gone. */
  readonly #contexts = new WeakMap<object, WeakMap<object, Map<string, SecureContext>>>();

  /**
   * @param authorities that are trusted where options name none; the platform's unless given
   * @param fixedLengths keeps the lengths of what is sent from depending on chance
   */
  constructor(authorities: readonly string[] | undefined, fixedLengths: boolean) {
    this.#authorities = authorities;
    this.#fixedLengths = fixedLengths;
  }

  /**
   * @param identity another than the options', by the name that the client asked for
   * @throws TlsError for a certificate or key that cannot be read
   */
  of(options: TlsOptions, identity: TlsIdentity | undefined = options.identity): SecureContext {
    const authorities = options.authorities ?? this.#authorities;
    const byIdentity = entry(
      this.#contexts,
      authorities ?? NONE,
      () => new WeakMap<object, Map<string, SecureContext>>(),
    );
    const contexts = entry(byIdentity, identity ?? NONE, () => new Map<string, SecureContext>());
    const { role, minimum = "TLSv1.2", maximum = "TLSv1.3" } = options;
    const alpn = options.role === "server" ? (options.alpn ?? []) : []; // a client's is no part of its context
    const asks = options.role === "server" && options.clientCertificate !== undefined;
    return entry(contexts, [role, minimum, maximum, asks, ...alpn].join(" "), () => {
      // A server that verifies nobody has none, or OpenSSL would send the authority along with the certificate.
      const trusted = role === "server" && !asks ? [] : authorities;
      const ca = trusted === undefined ? {} : { ca: [...trusted] };
      const own = identity === undefined ? {} : { cert: identity.certificate, key: identity.key };
      const common: SecureContextOptions = {
        ...ca,
        ...own,
        ciphers: CIPHERS,
        minVersion: minimum,
        maxVersion: maximum,
        secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      };
      return make(role === "client" ? common : { ...common, ...this.#serverOptions(asks, alpn) });
    });
  }

  #serverOptions(asks: boolean, alpn: readonly string[]): SecureContextOptions {
    // A ticket holds the client's certificate, whose length is not ours to choose: then there are none.
    const noTicket = this.#fixedLengths && asks ? constants.SSL_OP_NO_TICKET : 0;
    return {
      honorCipherOrder: true,
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION | noTicket,
      sessionIdContext: "s".repeat(contextLength(alpn)),
      sessionTimeout: SESSION_LIFETIME,
    };
  }
}

/**
 * A ticket is a session in DER, padded to 16 octets and ciphered. Among its numbers one is random, so that it is an octet
 * longer or shorter at times. The name of the context, which is in it as well, is made so long that the padding hides that,
 * whichever protocol ALPN chooses.
 */
function contextLength(alpn: readonly string[]): number {
  const costs = [0, ...alpn.map((protocol) => protocol.length + ALPN_OVERHEAD)];
  const isRisky = (length: number): boolean => costs.some((cost) => (length + cost + 4) % 16 < 4);
  let length = 1;
  while (isRisky(length) && length < 32) length++;
  return length;
}

function make(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch (error) {
    const { code = "EINVAL", message } = error as NodeJS.ErrnoException;
    throw new TlsError(code, `the certificate or its key cannot be used: ${message}`);
  }
}

interface Table<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): unknown;
}

function entry<Key, Value>(table: Table<Key, Value>, key: Key, value: () => Value): Value {
  const found = table.get(key);
  if (found !== undefined) return found;
  const made = value();
  table.set(key, made);
  return made;
}

const NONE = {};
