import type { X509Certificate } from "node:crypto";
import { checkServerIdentity, type PeerCertificate, type TLSSocket } from "node:tls";
import type { TlsCertificate, TlsOptions } from "../../../socket/tls.ts";
import { describeCertificate } from "./facts.ts";

/** Why a certificate is not to be trusted: a code, and a sentence for people. */
export interface Unverified {
  readonly code: string;
  readonly message: string;
}

/** OpenSSL's answer about the peer's chain, which Node keeps where it knows of no name for it. */
interface Verifying {
  verifyError(): (Error & { readonly code?: string }) | null;
}

/** Why the peer's certificate does not verify; undefined when it does, or when none was asked for. */
export function verify(
  socket: TLSSocket,
  options: TlsOptions,
  peer: X509Certificate | undefined,
): Unverified | undefined {
  if (options.role === "server" && options.clientCertificate === undefined) return undefined;
  if (peer === undefined) {
    const who = options.role === "server" ? "client" : "server";
    return { code: "UNABLE_TO_GET_CERT", message: `the ${who} showed no certificate` };
  }
  const described = describeCertificate(peer);
  const error = (socket as TLSSocket & { readonly ssl: Verifying }).ssl.verifyError();
  if (error !== null) {
    const code = error.code ?? "UNSPECIFIED";
    return { code, message: reason(code, described, error.message) };
  }
  if (options.role === "server") return undefined;
  // A resumed session was perhaps begun by somebody who did not ask for this name.
  if (isFor(peer, options.serverName)) return undefined;
  const names = described.names.length === 0 ? "no name" : described.names.join(", ");
  return {
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
    message: `the certificate is for ${names}, not for ${options.serverName}`,
  };
}

/** Whether a server of that name or address may show this certificate: its common name says nothing (RFC 9110 §4.3.4). */
export function isFor(certificate: X509Certificate, serverName: string): boolean {
  const { subjectaltname } = certificate.toLegacyObject() as unknown as PeerCertificate;
  return checkServerIdentity(serverName, { subject: {}, subjectaltname } as PeerCertificate) === undefined;
}

/** What OpenSSL calls by a code, for people. */
export function reason(
  code: string,
  { subject, issuer, validFrom, validTo }: TlsCertificate,
  fallback: string,
): string {
  const whose = `the certificate of ${subject}`;
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return `${whose}, or one of those above it, has expired: it was valid to ${validTo}`;
    case "CERT_NOT_YET_VALID":
      return `${whose}, or one of those above it, is not valid yet: it is valid from ${validFrom}`;
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return `${whose} is self-signed, and it is not among the trusted ones`;
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return `${whose} goes back to an authority that is not trusted`;
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return `${whose} was issued by ${issuer}, which is unknown or not trusted`;
    case "CERT_REVOKED":
      return `${whose} has been revoked`;
    case "INVALID_PURPOSE":
      return `${whose} was not issued for this purpose`;
    case "INVALID_CA":
      return `${whose} was issued by one that is no authority`;
    case "CERT_SIGNATURE_FAILURE":
      return `the signature of ${whose} is wrong`;
    case "PATH_LENGTH_EXCEEDED":
    case "CERT_CHAIN_TOO_LONG":
      return `the chain above ${whose} is too long`;
    default:
      return `${whose} does not verify: ${fallback}`;
  }
}
