import { DEFAULT_SERVER_LIMITS, type ServerLimits } from "../../application/http/server/limits.ts";
import type { PlainPort } from "../../application/http/web/plain-ports.ts";
import type { WebDescription } from "../../application/http/web/site.ts";
import type { Duration } from "../../time/instant.ts";
import { tellIssues } from "./issues.ts";
import { describe, type Problem } from "./problem.ts";
import { Reading } from "./reading.ts";
import { durationOf } from "./values.ts";
import { WEB_FORMAT_VERSION, type WebFile, webFile } from "./web-schema.ts";
import { checkCertificate, sitesOf } from "./web-sites.ts";
import { readYaml } from "./yaml.ts";

/** What `netarium serve` does, as a file says it. */
export interface WebServerDocument extends WebDescription {
  readonly port: number | undefined;
  readonly bind: string | undefined;
  readonly https?: HttpsDocument | undefined;
  /** A file; true for standard output. */
  readonly accessLog: string | boolean;
  readonly limits: Partial<ServerLimits>;
}

/** How HTTPS is served. */
export interface HttpsDocument {
  readonly port: number | undefined;
  /** Files of the certificate and its key; the local authority certifies unless given. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly plain: PlainPort;
  /** Days. */
  readonly hsts?: number | undefined;
}

export interface WebReadResult {
  /** Undefined when there is an error: then nothing may start. */
  readonly document: WebServerDocument | undefined;
  /** Errors and warnings in the order of the file. */
  readonly problems: readonly Problem[];
}

const BEGIN = `a web server's file begins with "netarium-web: ${WEB_FORMAT_VERSION}"`;

/** Reads a file for `netarium serve`: finds as many of its problems as can be told at once, each with its place. */
export function readWebDocument(text: string): WebReadResult {
  const yaml = readYaml(text);
  const reading = new Reading(yaml, { programs: new Map() });
  const file = reading.failed ? undefined : readFile(reading, yaml.value);
  const document = file === undefined ? undefined : documentOf(reading, file);
  return { document: reading.failed ? undefined : document, problems: reading.problems };
}

function readFile(reading: Reading, value: unknown): WebFile | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    reading.error([], `${BEGIN}, and this is ${describe(value)}`);
    return undefined;
  }
  const version = reading.valueAt(["netarium-web"]);
  if (version === undefined) {
    const isNetwork = reading.valueAt(["netarium"]) !== undefined;
    reading.error([], BEGIN, isNetwork ? 'this is a network file: use "netarium run"' : "add that line at the top");
    return undefined;
  }
  if (version !== WEB_FORMAT_VERSION) {
    const known = `this netarium knows version ${WEB_FORMAT_VERSION}`;
    reading.error(["netarium-web"], `the version ${describe(version)} is unknown: ${known}`);
    return undefined;
  }
  const parsed = webFile.safeParse(value);
  if (parsed.success) return parsed.data;
  tellIssues(reading, parsed.error.issues);
  return undefined;
}

function documentOf(reading: Reading, file: WebFile): WebServerDocument {
  const { listen = {}, accessLog = true, rateLimit } = file;
  return {
    port: listen.port,
    bind: listen.bind,
    https: httpsOf(reading, file),
    accessLog,
    rateLimit,
    limits: limitsOf(file.limits ?? {}),
    sites: sitesOf(reading, file.sites, ["sites"], "os"),
  };
}

function httpsOf(reading: Reading, { tls, sites }: WebFile): HttpsDocument | undefined {
  if (tls !== undefined) {
    checkCertificate(reading, tls, ["tls"]);
    return { ...tls, port: tls.port, plain: tls.plain ?? "redirect" };
  }
  for (const [name, { certificate }] of Object.entries(sites)) {
    if (certificate === undefined) continue;
    const message = "a site's certificate is for HTTPS, which is not served";
    reading.error(["sites", name, "certificate"], message, 'add "tls: {}" at the top', "key");
  }
  return undefined;
}

/** Names that people write are shorter than those of the server, where one of many lengths needs to be told apart. */
const LIMIT_NAMES: Readonly<Record<string, keyof ServerLimits>> = { body: "contentLength", head: "fieldsLength" };

function limitsOf(file: NonNullable<WebFile["limits"]>): Partial<ServerLimits> {
  const given = Object.entries(file).filter(([, value]) => value !== undefined);
  const limits = given.map(([key, value]): [string, number | Duration] => {
    const name = LIMIT_NAMES[key] ?? key;
    if (!(name in DEFAULT_SERVER_LIMITS)) throw new RangeError(`the server has no limit ${name}`);
    return [name, typeof value === "string" ? durationOf(value) : (value as number)];
  });
  return Object.fromEntries(limits);
}
