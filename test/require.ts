/**
 * What a test needs of the machine. `requireTool(t, "tshark")` skips the test where the program is missing, with the
 * package that brings it; under NETARIUM_REQUIRE_ALL=1, as in CI, it fails instead, so that nothing is skipped unseen.
 * Both return whether the test may go on: `if (!requireTool(t, "nc")) return;`
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestContext } from "node:test";

/** The Debian package of each program that the tests use. */
const PACKAGES: Readonly<Record<string, string>> = {
  ab: "apache2-utils",
  arp: "net-tools",
  arping: "iputils-arping",
  chromium: "chromium",
  curl: "curl",
  dig: "bind9-dnsutils",
  dumpcap: "wireshark-common",
  "gnutls-cli": "gnutls-bin",
  go: "golang-go",
  ifconfig: "net-tools",
  ip: "iproute2",
  iperf: "iperf",
  jc: "jc",
  kdig: "knot-dnsutils",
  named: "bind9",
  "named-checkzone": "bind9-utils",
  nc: "netcat-openbsd",
  netstat: "net-tools",
  nginx: "nginx-light",
  nmap: "nmap",
  openssl: "openssl",
  passt: "passt",
  "php-cgi": "php-cgi",
  ping: "iputils-ping",
  python3: "python3",
  route: "net-tools",
  slowhttptest: "slowhttptest",
  telnet: "telnet",
  testssl: "testssl.sh",
  traceroute: "traceroute",
  tshark: "tshark",
  wget: "wget",
};

export const requiresAll = (): boolean => process.env.NETARIUM_REQUIRE_ALL === "1";

export function findTool(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** True when every named program is there; else the test is skipped, or fails where everything is required. */
export function requireTool(t: Pick<TestContext, "skip">, ...names: string[]): boolean {
  const missing = names.filter((name) => findTool(name) === undefined);
  if (missing.length === 0) return true;
  return refuse(t, `needs ${missing.join(", ")}: apt-get install ${missing.map((n) => PACKAGES[n] ?? n).join(" ")}`);
}

/** True when the test may make network namespaces and TAP devices: as root, on a Linux that allows it. */
export function requireRoot(t: Pick<TestContext, "skip">): boolean {
  if (process.platform !== "linux") return refuse(t, "needs Linux, for network namespaces");
  if (process.getuid?.() !== 0) return refuse(t, "needs root, for network namespaces: run it with sudo");
  if (spawnSync("unshare", ["--net", "true"]).status !== 0) {
    return refuse(t, "needs the right to make network namespaces: unshare --net is refused here");
  }
  return true;
}

/** Skips the test, or fails it where everything is required. */
export function refuse(t: Pick<TestContext, "skip">, reason: string): false {
  if (requiresAll()) throw new Error(`${reason} (NETARIUM_REQUIRE_ALL=1 lets no test be skipped)`);
  t.skip(reason);
  return false;
}
