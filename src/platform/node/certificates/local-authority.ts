import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, hostname, userInfo } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../make-folder.ts";
import { Authority, CertificateError, type Validity } from "./authority.ts";
import { LOCAL, type NameConstraints, readNameConstraints } from "./name-constraints.ts";

/** The most that browsers accept of a certificate, less a day for clocks that differ (CA/Browser Forum, ballot SC31: 398). */
export const LONGEST_DAYS = 397;
const AUTHORITY_YEARS = 10;
const DAY = 86_400_000;
/** How long ago what is issued now begins to be valid: clocks differ. */
const BACKDATED = DAY / 24;

const CERTIFICATE_FILE = "ca.pem";
const KEY_FILE = "ca-key.pem";

/** A local authority in its folder. */
export interface LocalAuthority {
  readonly authority: Authority;
  /** The file to trust. */
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A certificate and its key as files. */
export interface IssuedFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly validTo: Date;
}

/** Where the authority is unless told. */
export function configFolder(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "netarium", "ca");
}

/** @returns undefined when there is none @throws CertificateError for files that are none */
export async function readLocalAuthority(folder: string): Promise<LocalAuthority | undefined> {
  const [certificateFile, keyFile] = [join(folder, CERTIFICATE_FILE), join(folder, KEY_FILE)];
  if (!existsSync(certificateFile) || !existsSync(keyFile)) return undefined;
  const identity = { certificate: readFileSync(certificateFile, "utf8"), key: readFileSync(keyFile, "utf8") };
  try {
    const authority = await Authority.from(identity, "ecdsa", await readNameConstraints(identity.certificate));
    return { authority, certificateFile, keyFile };
  } catch (error) {
    throw new CertificateError(`${folder} holds no authority that was made here: ${(error as Error).message}`);
  }
}

/**
 * Makes an authority, whose key only its owner can read. What it may certify is what {@link LOCAL} has, and more domains.
 * @throws an error of the file system, EEXIST where there is an authority
 */
export async function makeLocalAuthority(
  folder: string,
  domains: readonly string[],
  now: Date,
): Promise<LocalAuthority> {
  const from = new Date(now.getTime() - BACKDATED);
  const to = new Date(from);
  to.setUTCFullYear(to.getUTCFullYear() + AUTHORITY_YEARS);
  const constraints: NameConstraints = { ...LOCAL, domains: [...LOCAL.domains, ...domains] };
  const name = `Netarium local authority of ${userInfo().username}@${hostname()}`.slice(0, 64);
  const authority = await Authority.create({ name, keys: "ecdsa", validity: { from, to }, constraints });
  makeFolder(folder, 0o700);
  const [certificateFile, keyFile] = [join(folder, CERTIFICATE_FILE), join(folder, KEY_FILE)];
  writeSecret(keyFile, authority.identity.key, "wx");
  writeFileSync(certificateFile, authority.identity.certificate, { flag: "wx" });
  return { authority, certificateFile, keyFile };
}

/** How long a certificate is valid that is issued now. @param days at most {@link LONGEST_DAYS} */
export function validityOf(now: Date, days: number): Validity {
  const from = new Date(now.getTime() - BACKDATED);
  return { from, to: new Date(from.getTime() + Math.min(days, LONGEST_DAYS) * DAY) };
}

/**
 * Issues a certificate for names and addresses, and writes it and its key beside each other, named by the first.
 * @param days at most {@link LONGEST_DAYS}
 * @throws CertificateError for what may not be certified; an error of the file system
 */
export async function issueFiles(
  authority: Authority,
  names: readonly string[],
  { folder, days, now }: { readonly folder: string; readonly days: number; readonly now: Date },
): Promise<IssuedFiles> {
  const validity = validityOf(now, days);
  const { certificate, key } = await authority.issue(names, validity);
  const name = (names[0] as string).replace("*", "_wildcard").replaceAll(":", "-");
  const [certificateFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  makeFolder(folder);
  writeSecret(keyFile, key, "w");
  writeFileSync(certificateFile, certificate);
  return { certificateFile, keyFile, validTo: validity.to };
}

/** A file that was there keeps its mode when it is written anew. */
function writeSecret(path: string, text: string, flag: "w" | "wx"): void {
  writeFileSync(path, "", { flag, mode: 0o600 });
  chmodSync(path, 0o600);
  writeFileSync(path, text);
}
