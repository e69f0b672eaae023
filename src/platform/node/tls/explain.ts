import { TlsError, type TlsOptions } from "../../../socket/tls.ts";

/** What OpenSSL names an alert that the peer has sent, for people (RFC 8446 §6.2). */
const ALERTS: readonly [pattern: RegExp, text: string][] = [
  [/ALERT_UNKNOWN_CA$/, "it does not know the authority of our certificate"],
  [/ALERT_BAD_CERTIFICATE$/, "it takes our certificate for a bad one"],
  [/ALERT_CERTIFICATE_EXPIRED$/, "our certificate has expired"],
  [/ALERT_CERTIFICATE_REVOKED$/, "our certificate has been revoked"],
  [/ALERT_(?:CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE)$/, "it does not accept our certificate"],
  [/CERTIFICATE_REQUIRED$/, "it wants a certificate of us"],
  [/ALERT_HANDSHAKE_FAILURE$/, "it has no version, cipher or key in common with us, or wants a certificate of us"],
  [/ALERT_PROTOCOL_VERSION$/, "it speaks none of the versions of TLS that we do"],
  [/UNRECOGNIZED_NAME$/, "it does not know the name that we asked for"],
  [/NO_APPLICATION_PROTOCOL$/, "it speaks none of the protocols that we offer (ALPN)"],
  [/ALERT_INTERNAL_ERROR$/, "it has a fault of its own"],
  [/ALERT_(?:ACCESS_DENIED|INSUFFICIENT_SECURITY)$/, "it denies us access"],
];

/** What OpenSSL says of what it has met itself. */
const FAULTS: readonly [pattern: RegExp, text: string][] = [
  [/WRONG_VERSION_NUMBER$|BAD_RECORD_TYPE$|HTTP_REQUEST$|PACKET_LENGTH_TOO_LONG$/, "what it sends is no TLS"],
  [/UNSUPPORTED_PROTOCOL$|NO_PROTOCOLS_AVAILABLE$|VERSION_TOO_(?:LOW|HIGH)$/, "it speaks no version of TLS that we do"],
  [/NO_SHARED_CIPHER$|NO_SUITABLE_(?:SIGNATURE_ALGORITHM|KEY_SHARE)$/, "it has no cipher in common with us"],
  [/PEER_DID_NOT_RETURN_A_CERTIFICATE$/, "it shows no certificate, and we want one"],
  [/NO_APPLICATION_PROTOCOL$/, "it offers no protocol that we speak (ALPN)"],
  [/BAD_RECORD_MAC$|DECRYPTION_FAILED/, "what it sends was changed on the way, or ciphered with another key"],
];

/** What Node says of a TLS connection, as a sentence; the code stays. */
export function explain(
  error: Error & { readonly code?: string; readonly reason?: string },
  role: TlsOptions["role"],
): TlsError {
  const code = error.code ?? "EPROTO";
  const other = role === "client" ? "server" : "client";
  const find = (table: typeof ALERTS): string | undefined => table.find(([pattern]) => pattern.test(code))?.[1];
  const isAlert = /_ALERT_/.test(code);
  const fault = isAlert ? find(ALERTS) : find(FAULTS);
  if (fault === undefined) return new TlsError(code, `TLS with the ${other} failed: ${error.reason ?? error.message}`);
  return new TlsError(code, isAlert ? `the ${other} refuses us: ${fault}` : `TLS with the ${other} failed: ${fault}`);
}
