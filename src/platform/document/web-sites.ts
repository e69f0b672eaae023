import type { GatewayDescription, SiteDescription } from "../../application/http/web/site.ts";
import { MemoryFiles } from "../../application/memory-files.ts";
import { seconds } from "../../time/instant.ts";
import { tellIssues } from "./issues.ts";
import { quote } from "./problem.ts";
import type { Reading } from "./reading.ts";
import { durationOf } from "./values.ts";
import { type SiteFile, sites as sitesSchema } from "./web-schema.ts";
import type { Path } from "./yaml.ts";

/** Where a site is: on a virtual host there are no folders. */
export type Place = "os" | "virtual";

/** Reads sites that no schema has judged yet. @returns undefined when something is wrong with them, which is told */
export function readSites(
  reading: Reading,
  value: unknown,
  path: Path,
  place: Place,
): readonly SiteDescription[] | undefined {
  const parsed = sitesSchema.safeParse(value);
  if (parsed.success) return sitesOf(reading, parsed.data, path, place);
  tellIssues(reading, parsed.error.issues, path);
  return undefined;
}

/** Sites as the server takes them. What the schema cannot tell is told here. */
export function sitesOf(
  reading: Reading,
  sites: Readonly<Record<string, SiteFile>>,
  path: Path,
  place: Place,
): readonly SiteDescription[] {
  const hosts = new Map<string, string>();
  return Object.entries(sites).map(([name, site]) => {
    const at = [...path, name];
    checkPlace(reading, site, at, place);
    checkHosts(reading, name, site, at, hosts);
    checkFiles(reading, site, at);
    checkCertificate(reading, site, at);
    const { cors, forms } = site;
    if (cors?.origins === "*" && cors.credentials === true) {
      const message = "credentials are not for all origins: browsers refuse that";
      reading.error([...at, "cors", "credentials"], message, "list the origins");
    }
    return {
      ...site,
      name,
      cache: site.cache ?? "no-cache",
      compression: site.compression ?? true,
      cors: cors === undefined ? undefined : { ...cors, maxAge: wholeSeconds(cors.maxAge) },
      proxy: site.proxy?.map((route) => ({
        ...route,
        to: route.to.map((each) => (typeof each === "string" ? { url: each } : each)),
        headTimeout: route.headTimeout === undefined ? undefined : durationOf(route.headTimeout),
        idleTimeout: route.idleTimeout === undefined ? undefined : durationOf(route.idleTimeout),
      })),
      gateways: gatewaysOf(reading, site, at),
      forms: forms?.map((form) => ({
        ...form,
        cookie: form.cookie === undefined ? undefined : { ...form.cookie, maxAge: wholeSeconds(form.cookie.maxAge) },
      })),
    };
  });
}

function checkPlace(reading: Reading, site: SiteFile, at: Path, place: Place): void {
  if (site.gateways !== undefined && place === "virtual") {
    const remedy = "run them behind a server of this machine";
    reading.error([...at, "gateways"], "a virtual host runs no programs of this machine", remedy, "key");
  }
  if (site.certificate !== undefined && place === "virtual") {
    const hint = "set the program's parameter tls: virtual hosts have certificates of their own authority";
    reading.error([...at, "certificate"], "a virtual host has no files of this machine", hint);
  }
  if (site.folder !== undefined && place === "virtual") {
    reading.error([...at, "folder"], "a virtual host has no folders of this machine", "write the files under files");
  } else if (site.folder !== undefined && site.files !== undefined) {
    reading.error([...at, "files"], "a site has either a folder or files", "put the files in the folder", "key");
  }
}

/** Which settings go with which kind of gateway, and whether it needs a folder. */
const GATEWAYS: Readonly<Record<string, { readonly own: readonly string[]; readonly folder: boolean }>> = {
  cgi: { own: ["processes"], folder: false },
  fastcgi: { own: ["extension", "index", "connections", "keep", "folder"], folder: true },
  wsgi: { own: ["workers", "python", "folder"], folder: false },
};

function gatewaysOf(reading: Reading, { gateways }: SiteFile, at: Path): GatewayDescription[] | undefined {
  return gateways?.map((gateway, index) => {
    const here = [...at, "gateways", index];
    const kinds = Object.keys(GATEWAYS).filter((kind) => kind in gateway);
    const [kind = ""] = kinds;
    if (kinds.length !== 1) reading.error(here, "a gateway is one of cgi, fastcgi, wsgi", "write one of them");
    const own = ["path", "idle", kind, ...(GATEWAYS[kind]?.own ?? [])];
    for (const key of Object.keys(gateway)) {
      if (kinds.length === 1 && !own.includes(key)) {
        reading.error([...here, key], `${key} is nothing that ${kind} has`, undefined, "key");
      }
    }
    if (GATEWAYS[kind]?.folder === true && gateway.folder === undefined) {
      reading.error(here, `${kind} needs a folder: that of the scripts`, "add folder");
    }
    const idle = gateway.idle === undefined ? undefined : durationOf(gateway.idle);
    return { ...gateway, idle } as GatewayDescription;
  });
}

/** A certificate is of no use without its key. */
export function checkCertificate(
  reading: Reading,
  { certificate, key }: { readonly certificate?: string | undefined; readonly key?: string | undefined },
  at: Path,
): void {
  if ((certificate === undefined) === (key === undefined)) return;
  const [there, missing] = certificate === undefined ? ["key", "certificate"] : ["certificate", "key"];
  reading.error([...at, there], `there is no ${missing} to this ${there}`, `name its file: ${missing}: FILE`, "key");
}

function checkHosts(reading: Reading, name: string, { hosts }: SiteFile, at: Path, seen: Map<string, string>): void {
  for (const [index, host] of (hosts ?? ["*"]).entries()) {
    const other = seen.get(host.toLowerCase());
    seen.set(host.toLowerCase(), name);
    if (other === undefined) continue;
    const place = hosts === undefined ? at : [...at, "hosts", index];
    reading.error(
      place,
      `${quote(other)} answers to ${quote(host)} already`,
      "give each site its own hosts",
      hosts === undefined ? "key" : undefined,
    );
  }
}

function checkFiles(reading: Reading, { files = {} }: SiteFile, at: Path): void {
  try {
    new MemoryFiles(Object.entries(files), 0);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reading.error([...at, "files"], error.message, undefined, "key");
  }
}

const wholeSeconds = (written: string | undefined): number | undefined =>
  written === undefined ? undefined : Math.round(durationOf(written) / seconds(1));
