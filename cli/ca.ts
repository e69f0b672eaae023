import { Command, InvalidArgumentError } from "commander";
import {
  CertificateError,
  configFolder,
  issueFiles,
  LONGEST_DAYS,
  type LocalAuthority,
  makeLocalAuthority,
  readLocalAuthority,
  VirtualAuthority,
} from "../src/platform/node/index.ts";
import { EXIT_DONE, fileError, UsageError } from "./usage-error.ts";

interface MakeOptions {
  readonly dir: string;
  readonly domain?: readonly string[];
}

interface IssueOptions {
  readonly dir: string;
  readonly days: number;
  readonly out: string;
}

/** `netarium ca`: a local certificate authority, for servers on this machine and in its network. */
export function caCommand(): Command {
  const ca = new Command("ca")
    .exitOverride()
    .showHelpAfterError("(netarium ca --help says more)")
    .description("Make a local certificate authority, or say where it is and how to trust it.")
    .option("--dir <folder>", "where the authority is kept", configFolder())
    .option(
      "--domain <name>",
      "when it is made: it may certify this and all below it too, beside names and addresses of local networks; may be repeated",
      (name: string, before: readonly string[] = []) => [...before, readDomain(name)],
    )
    .action(async ({ dir, domain = [] }: MakeOptions) => {
      process.exitCode = await make(dir, domain);
    });
  ca.command("issue")
    .description("Issue a certificate for names and addresses, and make its key.")
    .argument("<names...>", "such as www.test, *.www.test or 192.168.1.7; the first names the files")
    .option("--days <number>", `how long it is valid, ${LONGEST_DAYS} at most`, readDays, LONGEST_DAYS)
    .option("--out <folder>", "where it is written", ".")
    .action(async (names: string[], _own: object, command: Command) => {
      process.exitCode = await issue(names, command.optsWithGlobals<IssueOptions>());
    });
  ca.command("virtual")
    .description("Print the certificate of the authority that virtual hosts trust, for curl --cacert and others.")
    .action(async () => {
      process.stdout.write((await VirtualAuthority.open()).certificate);
      process.exitCode = EXIT_DONE;
    });
  return ca;
}

async function make(folder: string, domains: readonly string[]): Promise<number> {
  const found = await attempt(folder, () => readLocalAuthority(folder));
  if (found !== undefined && domains.length > 0) {
    throw new UsageError(`${folder}: there is an authority already; what it may certify is settled when it is made`);
  }
  const authority = found ?? (await attempt(folder, () => makeLocalAuthority(folder, domains, new Date())));
  console.log(describe(authority, found === undefined));
  return EXIT_DONE;
}

async function issue(names: readonly string[], { dir, days, out }: IssueOptions): Promise<number> {
  const found = await attempt(dir, () => readLocalAuthority(dir));
  if (found === undefined) throw new UsageError(`${dir}: there is no authority yet; make it with: netarium ca`);
  const files = await attempt(out, () => issueFiles(found.authority, names, { folder: out, days, now: new Date() }));
  console.log(`certificate: ${files.certificateFile}`);
  console.log(`key:         ${files.keyFile}  (keep it to yourself)`);
  console.log(`valid to:    ${files.validTo.toISOString().slice(0, 10)}`);
  return EXIT_DONE;
}

function describe({ authority, certificateFile, keyFile }: LocalAuthority, isNew: boolean): string {
  const { domains = [], networks = [] } = authority.constraints ?? {};
  return [
    `${isNew ? "made a" : "the"} local certificate authority:`,
    `  certificate: ${certificateFile}`,
    `  key:         ${keyFile}  (only you can read it: who has it can certify what is below)`,
    `  it certifies ${authority.constraints === undefined ? "any name" : [...domains, ...networks].join(", ")}`,
    "",
    "Issue a certificate with: netarium ca issue NAME…",
    "Trust it where you want to, and nowhere else:",
    `  curl      curl --cacert ${certificateFile} https://…`,
    `  Node      NODE_EXTRA_CA_CERTS=${certificateFile} node …`,
    `  Python    SSL_CERT_FILE=${certificateFile} python3 …`,
    "  Firefox   Settings, Privacy & Security, Certificates, View Certificates, Authorities, Import",
    "  Chromium  Settings, Privacy and security, Security, Manage certificates, Custom, Import",
    `  Debian    cp ${certificateFile} /usr/local/share/ca-certificates/netarium.crt && update-ca-certificates  (as root)`,
  ].join("\n");
}

/** Tells errors of files and of certificates as such. */
async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CertificateError) throw new UsageError(error.message);
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw fileError(path, error, "write");
    throw error;
  }
}

function readDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= LONGEST_DAYS) return days;
  throw new InvalidArgumentError(`Days are a whole number from 1 to ${LONGEST_DAYS}: browsers accept no more.`);
}

function readDomain(name: string): string {
  if (/^[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/i.test(name)) return name.toLowerCase();
  throw new InvalidArgumentError("A domain is written as test or home.example.org.");
}
