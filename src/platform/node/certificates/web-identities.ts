import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createSecureContext } from "node:tls";
import type { NamedIdentity } from "../../../application/http/web/https.ts";
import type { SiteDescription } from "../../../application/http/web/site.ts";
import type { TlsIdentity } from "../../../socket/tls.ts";
import { CertificateError } from "./authority.ts";
import { configFolder, LONGEST_DAYS, readLocalAuthority, validityOf } from "./local-authority.ts";

/** What the certificates of a web server depend on. */
export interface WebIdentitiesOptions {
  readonly sites: readonly SiteDescription[];
  /** Files of the server's own. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** The address that is listened on. */
  readonly address: string;
  /** Relative files are in this one. */
  readonly folder: string;
}

/**
 * The certificates of a web server: the server's own first, or one of the local authority's, then those of its sites.
 * @throws CertificateError for files that cannot be used, or where there is no authority
 */
export async function webIdentities(options: WebIdentitiesOptions): Promise<NamedIdentity[]> {
  const { sites, folder, certificate, key } = options;
  const own = sites.flatMap((site): NamedIdentity[] => {
    if (site.certificate === undefined || site.key === undefined) return [];
    return [{ names: site.hosts ?? ["*"], identity: readIdentity(folder, site.certificate, site.key) }];
  });
  if (certificate !== undefined && key !== undefined) {
    return [{ names: [], identity: readIdentity(folder, certificate, key) }, ...own];
  }
  const isWhole = sites.every((site) => site.certificate !== undefined);
  return isWhole ? own : [{ names: [], identity: await certify(options) }, ...own];
}

/** For all names of sites that have no certificate, and for who comes from this machine. */
async function certify({ sites, address }: WebIdentitiesOptions): Promise<TlsIdentity> {
  const local = await readLocalAuthority(configFolder());
  if (local === undefined) {
    throw new CertificateError("HTTPS needs a certificate: name its file, or make an authority with: netarium ca");
  }
  const hosts = sites.filter((site) => site.certificate === undefined).flatMap((site) => site.hosts ?? []);
  const addresses = address === "0.0.0.0" || address === "::" ? [] : [address];
  const names = new Set([...hosts.filter((host) => host !== "*"), "localhost", "127.0.0.1", ...addresses]);
  return local.authority.issue([...names], validityOf(new Date(), LONGEST_DAYS));
}

/** What OpenSSL calls by numbers. */
const WORDS: Readonly<Record<string, string>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: "the key is another's",
  ERR_OSSL_PEM_NO_START_LINE: "the first holds no certificate in PEM",
  ERR_OSSL_UNSUPPORTED: "the second holds no key in PEM",
};

function readIdentity(folder: string, certificateFile: string, keyFile: string): TlsIdentity {
  const [certificate, key] = [certificateFile, keyFile].map((file) => read(resolve(folder, file))) as [string, string];
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = WORDS[code ?? ""] ?? message;
    throw new CertificateError(`${certificateFile} with ${keyFile} cannot be used: ${why}`);
  }
  return { certificate, key };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CertificateError(`${path}: ${code === "ENOENT" ? "there is no such file" : message}`);
  }
}
