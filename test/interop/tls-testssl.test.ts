/** What testssl finds in our servers: on this machine, and on a virtual host behind a published port. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { requireTool } from "../require.ts";
import { isLong } from "../size.ts";
import { Cli, cli, ROOT, temporaryFolder } from "../support/cli.ts";

const run = promisify(execFile);

/** Sections of testssl: protocols, and what the server has by itself, the certificate among it. The long run takes all. */
type Section = "-p" | "-S";
const PATIENCE = isLong() ? 600_000 : 300_000;

/** What a local authority cannot but be found fault with (docs/tls.md). */
const LOCAL = ["cert_revocation"];
/** What is wanted of certificates of virtual hosts: dates that any clock accepts. */
const VIRTUAL = [...LOCAL, "cert_validityPeriod"];

interface Finding {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
}

/** What testssl finds above low severity, but for what is expected. */
async function findings(
  t: TestContext,
  port: string,
  ca: string,
  expected: readonly string[],
  sections: readonly Section[],
): Promise<string[]> {
  const folder = temporaryFolder(t);
  const file = join(folder, "findings.json");
  const quiet = ["--quiet", "--color", "0", "--warnings", "off"];
  const options = [...quiet, "--nodns", "none", "--ip", "127.0.0.1", "--jsonfile", file];
  const args = ["--add-ca", ca, ...options, ...(isLong() ? [] : sections), `https://localhost:${port}/`];
  // Its exit code tells of findings; what it cannot do at all is told by what it has not written.
  await run("testssl", args, { cwd: folder, timeout: PATIENCE, maxBuffer: 1 << 26 }).catch(() => {});
  const found = JSON.parse(readFileSync(file, "utf8")) as Finding[];
  const value = (id: string): string | undefined => found.find((each) => each.id === id)?.finding;
  if (isLong() || sections.includes("-p")) assert.match(value("TLS1_3") ?? "", /^offered/);
  assert.match(value("cert_chain_of_trust") ?? "", /^passed/);
  assert.match(value("cert_trust") ?? "", /^Ok via SAN/);
  const above = found.filter(({ severity }) => ["MEDIUM", "HIGH", "CRITICAL", "FATAL"].includes(severity));
  return above
    .filter(({ id }) => !expected.includes(id))
    .map(({ id, severity, finding }) => `${severity} ${id}: ${finding}`);
}

describe("testssl finds nothing above low severity", { timeout: PATIENCE + 60_000 }, () => {
  test("in netarium serve, with a certificate of a local authority", async (t) => {
    if (!requireTool(t, "testssl")) return;
    const folder = temporaryFolder(t);
    const config = join(folder, "netarium", "ca");
    assert.equal((await cli("ca", "--dir", config)).code, 0);
    assert.equal((await cli("ca", "issue", "localhost", "--dir", config, "--out", folder)).code, 0);
    mkdirSync(join(folder, "site"));
    const file = join(folder, "web.yaml");
    const tls = "tls: { port: 0, plain: off, certificate: localhost.pem, key: localhost-key.pem, hsts: 365 }";
    writeFileSync(file, `netarium-web: 1\n${tls}\naccessLog: false\nsites: { main: { files: { index.html: hi } } }\n`);
    const served = new Cli("serve", file);
    t.after(() => served.child.kill("SIGKILL"));
    const [, port = ""] = await served.says(/^Serving on https:\/\/127\.0\.0\.1:(\d+)\//m);
    assert.deepEqual(await findings(t, port, join(config, "ca.pem"), LOCAL, ["-p", "-S"]), []);
    await served.interrupt();
  });

  // tls-published.test.ts sees to it in each run that others accept its certificate.
  const inLongRun = isLong() ? test : (): void => {};
  inLongRun("on a virtual host behind a published port", async (t: TestContext) => {
    if (!requireTool(t, "testssl")) return;
    const folder = temporaryFolder(t);
    const ca = join(folder, "virtual.pem");
    process.env.XDG_CACHE_HOME = folder; // one authority for all processes
    writeFileSync(ca, (await cli("ca", "virtual")).stdout);
    const running = new Cli("run", join(ROOT, "examples", "web.yaml"), "--port", "page=0");
    t.after(() => running.child.kill("SIGKILL"));
    const [, port = ""] = await running.says(/tcp 127\.0\.0\.1:(\d+) is/);
    await running.says(/Web server on/);
    assert.deepEqual(await findings(t, port, ca, VIRTUAL, ["-S"]), []);
    const { code } = await running.interrupt();
    assert.equal(code, 0);
  });
});
