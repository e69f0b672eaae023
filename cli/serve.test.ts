import assert from "node:assert/strict";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { Cli, cli, temporaryFolder } from "../test/support/cli.ts";

/** A server that ends with the test, and where it is. */
async function serving(t: TestContext, ...args: string[]): Promise<{ served: Cli; url: string }> {
  const served = new Cli("serve", ...args);
  t.after(() => served.child.kill("SIGKILL"));
  const [, url = ""] = await served.says(/^Serving on (http:\S+\/)/m);
  return { served, url };
}

function siteFolder(t: TestContext): string {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "a.txt"), "hello");
  writeFileSync(join(folder, ".env"), "secret");
  symlinkSync("/etc/hostname", join(folder, "outside"));
  return folder;
}

describe("netarium serve", { timeout: 300_000 }, () => {
  test("serves a folder on loopback, writes each request, and ends with Ctrl-C", async (t) => {
    const { served, url } = await serving(t, siteFolder(t), "--port", "0");
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.equal(await (await fetch(`${url}a.txt`)).text(), "hello");
    assert.match(await (await fetch(url)).text(), /a\.txt/);
    for (const path of [".env", "outside", "nothing"]) assert.equal((await fetch(url + path)).status, 404, path);
    const { code, stdout } = await served.interrupt();
    assert.equal(code, 0);
    assert.match(stdout, /^127\.0\.0\.1 - - \[.*\] "GET \/a\.txt HTTP\/1\.1" 200 5 "-" "/m);
  });

  test("serves the sites of a file, relative to it, and writes the access log where it says", async (t) => {
    const folder = siteFolder(t);
    const file = join(folder, "web.yaml");
    writeFileSync(
      file,
      `netarium-web: 1
listen: { port: 0 }
accessLog: requests.log
sites:
  main: { hosts: [a.test], folder: . , headers: { X-Site: a } }
  other: { files: { index.html: other }, forms: [{ path: /f, redirect: / }] }
`,
    );
    const { served, url } = await serving(t, file);
    assert.equal(await (await fetch(url)).text(), "other");
    const form = await fetch(`${url}f`, {
      method: "POST",
      body: new URLSearchParams({ x: "\u001b[2J" }),
      redirect: "manual",
    });
    assert.equal(form.status, 303);
    const { stderr, code } = await served.interrupt();
    assert.equal(code, 0);
    assert.match(stderr, /^\/f was sent: x="\\\\?u001b\[2J"$/m);
    assert.match(readFileSync(join(folder, "requests.log"), "utf8"), /"POST \/f HTTP\/1\.1" 303 - /);
  });

  test("lets an answer end after the first Ctrl-C, and ends at once with the second", async (t) => {
    const folder = siteFolder(t);
    writeFileSync(join(folder, "large"), Buffer.alloc(50_000_000));
    const { served, url } = await serving(t, folder, "--port", "0", "--quiet");
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    t.after(() => socket.destroy());
    socket.on("error", () => {});
    socket.write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    await new Promise((resolve) => socket.once("readable", resolve));
    served.child.kill("SIGINT");
    // Nobody listens any more: so the signal was taken.
    for (;;) {
      const refused = await fetch(url).then(
        () => false,
        () => true,
      );
      if (refused) break;
    }
    await served.says(/^What was begun is ended/m);
    const { code } = await served.interrupt();
    assert.equal(code, 130);
  });

  test("says what is wrong, and what to do", async (t) => {
    const folder = siteFolder(t);
    const { url } = await serving(t, folder, "--port", "0");
    const { port } = new URL(url);
    const inUse = await cli("serve", folder, "--port", port);
    assert.deepEqual(
      [inUse.code, inUse.stderr],
      [
        2,
        `netarium: port ${port} of 127.0.0.1 is in use: end what uses it, or choose another with --port (0 takes any)\n`,
      ],
    );
    const bad = join(folder, "bad.yaml");
    writeFileSync(bad, "netarium-web: 1\nsites: { main: { foldr: x } }\n");
    const wrong = await cli("serve", bad);
    assert.deepEqual(
      [wrong.code, wrong.stderr],
      [2, `${bad}:2:18: error: unknown key "foldr"\n    did you mean "folder"?\n`],
    );
    const checked = await cli("check", bad);
    assert.deepEqual([checked.code, checked.stderr], [2, wrong.stderr]);
    writeFileSync(bad, "netarium-web: 1\nsites: { main: { folder: gone } }\n");
    assert.deepEqual(await cli("check", bad), { code: 0, stdout: `${bad}: good: 1 site\n`, stderr: "" });
    const gone = await cli("serve", bad, "--port", "0");
    assert.deepEqual([gone.code, gone.stderr], [2, `netarium: ${join(folder, "gone")}: there is no such folder\n`]);
    const nothing = await cli("serve", join(folder, "nothing"));
    assert.deepEqual(
      [nothing.code, nothing.stderr],
      [2, `netarium: ${join(folder, "nothing")}: there is no such file\n`],
    );
    assert.equal((await cli("serve", folder, "--port", "70000")).code, 2);
    const bind = await cli("serve", folder, "--bind", "192.0.2.1", "--port", "0");
    assert.match(bind.stderr, /192\.0\.2\.1 is no address of this machine/);
  });
});
