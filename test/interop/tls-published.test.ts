/** Real programs at a virtual host's HTTPS, through a published port. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { findTool, requireTool } from "../require.ts";
import { Cli, cli, ROOT } from "../support/cli.ts";

const run = promisify(execFile);
const LOOPBACK = "127.0.0.1";
const CHROMIUM = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

describe("examples/web.yaml, from outside", () => {
  const folder = mkdtempSync(join(tmpdir(), "netarium-published-"));
  const ca = join(folder, "virtual.pem");
  let running: Cli;
  let port = "";

  before(async () => {
    process.env.XDG_CACHE_HOME = folder; // one authority for all processes
    writeFileSync(ca, (await cli("ca", "virtual")).stdout);
    running = new Cli("run", join(ROOT, "examples", "web.yaml"), "--port", "page=0");
    [, port = ""] = await running.says(/tcp 127\.0\.0\.1:(\d+) is/);
    await running.says(/Web server on/);
  });
  after(() => {
    running.child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  for (const version of ["1.2", "1.3"]) {
    test(`curl reads a page, signs the book and keeps its cookie (TLS ${version})`, async (t) => {
      if (!requireTool(t, "curl")) return;
      const versions = [`--tlsv${version}`, "--tls-max", version];
      const site = `https://www.example.test:${port}`;
      const common = ["-sS", "--cacert", ca, ...versions, "--resolve", `www.example.test:${port}:${LOOPBACK}`];
      const { stdout } = await run("curl", [...common, "-L", "-b", "", "-c", "-", "-d", "name=Curl", `${site}/sign`]);
      assert.match(
        stdout,
        /<title>Thank you<\/title>[\s\S]*#HttpOnly_www\.example\.test\t.*\tTRUE\t\d+\tvisitor\tCurl/,
      );
      const page = await run("curl", [
        ...common,
        "-w",
        "%{http_version} %{ssl_verify_result}",
        "-o",
        join(folder, "page"),
        `${site}/`,
      ]);
      assert.equal(page.stdout, "1.1 0");
    });
  }

  test("openssl s_client verifies the certificate, and resumes its session", async (t) => {
    if (!requireTool(t, "openssl")) return;
    const session = join(folder, "session");
    const ask = async (...more: string[]): Promise<string> => {
      const args = ["s_client", "-connect", `${LOOPBACK}:${port}`, "-servername", "web.example.test", "-CAfile", ca];
      const asking = run("openssl", [...args, "-tls1_3", "-ign_eof", "-verify_return_error", ...more], {
        timeout: 120_000,
      });
      asking.child.stdin?.write("GET / HTTP/1.1\r\nHost: web.example.test\r\nConnection: close\r\n\r\n");
      return (await asking).stdout;
    };
    const first = await ask("-sess_out", session);
    assert.match(first, /^Verification: OK[\s\S]*HTTP\/1\.1 200 OK[\s\S]*<title>Example<\/title>/m);
    assert.match(await ask("-sess_in", session), /^Reused, TLSv1\.3[\s\S]*HTTP\/1\.1 200 OK/m);
  });

  test("Chromium reads the page, and signs the book", { timeout: 300_000 }, async (t) => {
    if (!requireTool(t, "chromium")) return;
    const browser = await chromium.launch({ executablePath: findTool("chromium") as string, args: CHROMIUM });
    t.after(() => browser.close());
    const strict = await browser.newPage();
    await assert.rejects(strict.goto(`https://localhost:${port}/`), /ERR_CERT_AUTHORITY_INVALID/);
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const response = await page.goto(`https://localhost:${port}/`);
    const { protocol, issuer, subjectName } = (await response?.securityDetails()) ?? {};
    assert.deepEqual([protocol, issuer, subjectName], ["TLS 1.3", "Netarium virtual hosts", "www.example.test"]);
    await page.click("text=The guest book");
    await page.fill("[name=name]", "Chromium");
    await page.click("text=Sign");
    await page.waitForURL("**/thanks.html");
    const [cookie] = await context.cookies();
    assert.deepEqual(
      [cookie?.name, cookie?.value, cookie?.secure, cookie?.httpOnly],
      ["visitor", "Chromium", true, true],
    );
  });

  test("who does not know the authority is not served", async (t) => {
    if (!requireTool(t, "curl")) return;
    await assert.rejects(run("curl", ["-sS", `https://localhost:${port}/`]), { code: 60 });
  });
});
