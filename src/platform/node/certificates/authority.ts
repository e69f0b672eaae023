import { randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import type { TlsIdentity } from "../../../socket/tls.ts";
import { encodeNameConstraints, NAME_CONSTRAINTS_OID, type NameConstraints, permits } from "./name-constraints.ts";
import { loadX509 } from "./x509.ts";

type CryptoKey = webcrypto.CryptoKey;
type CryptoKeyPair = webcrypto.CryptoKeyPair;

/** How keys are made and what is signed with them. */
export type KeyKind = "rsa" | "ecdsa";

export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

export interface AuthorityOptions {
  /** Its name, for people. */
  readonly name: string;
  readonly keys: KeyKind;
  readonly validity: Validity;
  /** What it may certify; anything unless given. */
  readonly constraints?: NameConstraints;
}

/** A name that an authority cannot certify. */
export class CertificateError extends Error {
  override name = "CertificateError";
}

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: Uint8Array.of(1, 0, 1), modulusLength: 2048 };
const ECDSA = { name: "ECDSA", hash: "SHA-256", namedCurve: "P-256" };

/** A certificate authority: its certificate, and the key that signs others. */
export class Authority {
  readonly identity: TlsIdentity;
  readonly constraints: NameConstraints | undefined;
  readonly #keys: KeyKind;
  readonly #signingKey: CryptoKey;

  private constructor(
    identity: TlsIdentity,
    keys: KeyKind,
    signingKey: CryptoKey,
    constraints: NameConstraints | undefined,
  ) {
    this.identity = identity;
    this.#keys = keys;
    this.#signingKey = signingKey;
    this.constraints = constraints;
  }

  /** Makes keys and a certificate that they sign themselves. */
  static async create({ name, keys, validity, constraints }: AuthorityOptions): Promise<Authority> {
    const x509 = await loadX509();
    const { publicKey, privateKey } = await makeKeys(keys);
    const flags = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: [{ CN: [name] }],
      notBefore: validity.from,
      notAfter: validity.to,
      keys: { publicKey, privateKey },
      signingAlgorithm: algorithm(keys),
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(flags, true),
        await x509.SubjectKeyIdentifierExtension.create(publicKey),
        ...(constraints === undefined
          ? []
          : [new x509.Extension(NAME_CONSTRAINTS_OID, true, encodeNameConstraints(constraints))]),
      ],
    });
    const identity = { certificate: pem(certificate.toString("pem")), key: await exportKey(privateKey) };
    return new Authority(identity, keys, privateKey, constraints);
  }

  /** One that was made before. @throws an error for what is no key */
  static async from(identity: TlsIdentity, keys: KeyKind, constraints?: NameConstraints): Promise<Authority> {
    const x509 = await loadX509();
    const der = x509.PemConverter.decodeFirst(identity.key);
    const signingKey = await webcrypto.subtle.importKey("pkcs8", der, algorithm(keys), false, ["sign"]);
    return new Authority(identity, keys, signingKey, constraints);
  }

  /**
   * A certificate for names and addresses, `*.example.test` and `[::1]` among them, for servers and clients.
   * @param key to be used again, in PEM; a new one unless given
   * @throws CertificateError for what is no name, or one that the authority may not certify
   */
  async issue(written: readonly string[], validity: Validity, key?: string): Promise<TlsIdentity> {
    const names = written.map((name) => name.replace(/^\[(.*)\]$/, "$1")); // as URLs have IPv6 addresses
    for (const name of names) this.#check(name);
    const x509 = await loadX509();
    const issuer = new x509.X509Certificate(this.identity.certificate);
    const { publicKey, privateKey } = key === undefined ? await makeKeys(this.#keys) : await readKeys(key, this.#keys);
    const [first] = names;
    if (first === undefined) throw new CertificateError("a certificate is for at least one name");
    const { ExtendedKeyUsage: usage } = x509;
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: first.length <= COMMON_NAME_LIMIT ? [{ CN: [first] }] : [],
      issuer: issuer.subjectName.toJSON(),
      notBefore: validity.from,
      notAfter: validity.to,
      publicKey,
      signingKey: this.#signingKey,
      signingAlgorithm: algorithm(this.#keys),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage.serverAuth, usage.clientAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
          first.length > COMMON_NAME_LIMIT,
        ),
        await x509.SubjectKeyIdentifierExtension.create(publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(await issuer.publicKey.export()),
      ],
    });
    return { certificate: pem(certificate.toString("pem")), key: key ?? (await exportKey(privateKey)) };
  }

  #check(name: string): void {
    if (isIP(name) === 0 && !isHostName(name)) {
      throw new CertificateError(`${JSON.stringify(name)} is neither a host name nor an address`);
    }
    if (this.constraints === undefined || permits(this.constraints, name)) return;
    const allowed = [...this.constraints.domains, ...this.constraints.networks].join(", ");
    throw new CertificateError(`this authority may not certify ${name}, only names and addresses of ${allowed}`);
  }
}

/** The most that a common name holds (RFC 5280 appendix A: ub-common-name). */
const COMMON_NAME_LIMIT = 64;

const algorithm = (keys: KeyKind): typeof RSA | typeof ECDSA => (keys === "rsa" ? RSA : ECDSA);

function makeKeys(keys: KeyKind): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm(keys), true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

/** A new key, in PEM. */
export async function makeKey(keys: KeyKind): Promise<string> {
  return exportKey((await makeKeys(keys)).privateKey);
}

/** The public half of a private key is in it. */
async function readKeys(key: string, keys: KeyKind): Promise<CryptoKeyPair> {
  const { createPrivateKey, createPublicKey } = await import("node:crypto");
  const [privateKey, publicKey] = [createPrivateKey(key), createPublicKey(key)];
  return {
    privateKey: privateKey.toCryptoKey(algorithm(keys), true, ["sign"]),
    publicKey: publicKey.toCryptoKey(algorithm(keys), true, ["verify"]),
  };
}

async function exportKey(key: CryptoKey): Promise<string> {
  const x509 = await loadX509();
  return pem(x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY"));
}

/** Random and always of the same length in DER: 16 octets, the first neither zero nor above 0x7f. */
function serialNumber(): string {
  const octets = randomBytes(16);
  octets[0] = 0x40 | ((octets[0] as number) & 0x3f);
  return octets.toString("hex");
}

const pem = (text: string): string => `${text.trimEnd()}\n`;

const isHostName = (name: string): boolean =>
  name.length <= 253 &&
  /^(?:\*\.)?[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?(?:\.[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?)*$/i.test(name);
