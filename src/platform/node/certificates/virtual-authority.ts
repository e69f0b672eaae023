import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { TlsIdentity } from "../../../socket/tls.ts";
import { makeFolder } from "../make-folder.ts";
import { Authority, makeKey, type Validity } from "./authority.ts";

/** Any virtual clock and any real one accepts it, and its length in DER does not vary. */
const VALIDITY: Validity = { from: new Date("2020-01-01T00:00:00Z"), to: new Date("2049-12-31T23:59:59Z") };
const NAME = "Netarium virtual hosts";
/** Of what is kept; to be changed with its form. */
const FILE = "virtual-hosts-1.pem";

/** Where it is kept unless told: keys that are made anew each time would cost each run a good part of a second. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME } = process.env;
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "netarium");
}

/**
 * The authority that all virtual hosts trust, and the key that all of their certificates have: only hosts of a network in
 * one process go by them. They are made once and kept in a file that only its owner can read.
 */
export class VirtualAuthority {
  readonly #authority: Authority;
  readonly #key: string;

  private constructor(authority: Authority, key: string) {
    this.#authority = authority;
    this.#key = key;
  }

  /** Reads what is kept in a folder, or makes it and keeps it where that can be. */
  static async open(folder = cacheFolder()): Promise<VirtualAuthority> {
    const kept = await read(folder);
    if (kept !== undefined) return kept;
    const [authority, key] = await Promise.all([
      Authority.create({ name: NAME, keys: "rsa", validity: VALIDITY }),
      makeKey("rsa"),
    ]);
    const { certificate, key: signingKey } = authority.identity;
    const isKept = keep(folder, certificate + signingKey + key);
    return (isKept ? undefined : await read(folder)) ?? new VirtualAuthority(authority, key);
  }

  /** @throws an error for what is no authority */
  static async parse(text: string): Promise<VirtualAuthority> {
    const [certificate = "", signingKey = "", key = ""] =
      text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----\n/g) ?? [];
    const authority = await Authority.from({ certificate, key: signingKey }, "rsa");
    const virtual = new VirtualAuthority(authority, key);
    await virtual.certify(["localhost"]);
    return virtual;
  }

  /** In PEM. */
  get certificate(): string {
    return this.#authority.identity.certificate;
  }

  /** A certificate for names and addresses of virtual hosts. */
  certify(names: readonly string[]): Promise<TlsIdentity> {
    return this.#authority.issue(names, VALIDITY, this.#key);
  }
}

async function read(folder: string): Promise<VirtualAuthority | undefined> {
  try {
    return await VirtualAuthority.parse(readFileSync(join(folder, FILE), "utf8"));
  } catch (error) {
    // What was read and is no authority is of no use to others either.
    if ((error as NodeJS.ErrnoException).syscall === undefined) remove(join(folder, FILE));
    return undefined;
  }
}

/** @returns false when another process was faster; what cannot be kept at all is made anew the next time */
function keep(folder: string, text: string): boolean {
  const path = join(folder, FILE);
  const temporary = `${path}.${randomUUID()}`;
  try {
    makeFolder(folder, 0o700);
    writeFileSync(temporary, text, { mode: 0o600 });
    linkSync(temporary, path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "EEXIST";
  } finally {
    remove(temporary);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is not there: its folder is none.
  }
}
