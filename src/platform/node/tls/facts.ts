import { X509Certificate } from "node:crypto";
import type { PeerCertificate, TLSSocket } from "node:tls";
import type { TlsCertificate, TlsFacts, TlsOptions, TlsVersion } from "../../../socket/tls.ts";

/** What a handshake has settled, from Node's socket. */
export function factsOf(
  socket: TLSSocket,
  options: TlsOptions,
  peer: X509Certificate | undefined,
  unverified: string | undefined,
): TlsFacts {
  const { servername, alpnProtocol } = socket as TLSSocket & { readonly servername?: string | false };
  const serverName = options.role === "client" ? options.serverName : servername || undefined;
  return {
    version: socket.getProtocol() as TlsVersion,
    cipher: socket.getCipher().standardName,
    protocol: alpnProtocol || undefined,
    serverName,
    resumed: socket.isSessionReused(),
    peer: peer && describeCertificate(peer),
    unverified,
  };
}

/** The certificate that the peer has shown in this handshake; for a server, also in the one that is resumed. */
export function certificateOf(socket: TLSSocket): X509Certificate | undefined {
  // Not `getPeerX509Certificate`, which takes a client's certificate out of the chain, so that it is there once only.
  const { raw } = socket.getPeerCertificate() as Partial<PeerCertificate>;
  return raw === undefined ? undefined : new X509Certificate(raw);
}

export function describeCertificate(certificate: X509Certificate): TlsCertificate {
  const { subject, issuer, subjectAltName, validFrom, validTo, fingerprint256 } = certificate;
  return {
    subject: oneLine(subject),
    issuer: oneLine(issuer),
    names: splitNames(subjectAltName ?? ""),
    validFrom,
    validTo,
    fingerprint: fingerprint256,
  };
}

/** Node writes each part of a name on a line of its own. A name that is empty has none. */
const oneLine = (name: string | undefined): string => (name ?? "").trim().split("\n").join(", ");

/** Node writes a name with a comma or a quote in it as a JSON string, so that no name can look like two. */
function splitNames(text: string): string[] {
  return text.match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g)?.map((name) => name.trim()) ?? [];
}
