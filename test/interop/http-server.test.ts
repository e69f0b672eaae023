/** Our HTTP server for clients that others wrote: on the operating system, and in a virtual network through a published port. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { Client, request as undiciRequest } from "undici";
import { requireTool } from "../require.ts";
import { largeBody, manyAnswers } from "./http/handler.ts";
import { startNginxBefore } from "./http/nginx.ts";
import { HTTP_WORLDS, type HttpWorld } from "./http/worlds.ts";

const execute = promisify(execFile);
const LIMIT = 15_000;

/** Runs a program. @returns what it wrote, one character a byte */
async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(command, args, { encoding: "latin1", maxBuffer: 2 ** 26, timeout: LIMIT });
  return stdout;
}

/** Each kind of request by Python's own client, on one connection. */
const PYTHON = `
import http.client, json, sys
c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
def ask(method, path, **more):
    c.request(method, path, **more)
    r = c.getresponse()
    return r.status, r.read(), r
assert ask("GET", "/hello")[:2] == (200, b"Hello, world!\\n")
assert ask("HEAD", "/hello")[1] == b""
assert ask("POST", "/echo", body=b"x" * 100000)[1] == b"x" * 100000
assert ask("POST", "/echo", body=iter([b"a", b"bc" * 50000, b"d"]), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})[1] == b"a" + b"bc" * 50000 + b"d"
assert ask("PUT", "/unread", body=b"y" * 1000)[0] == 403
large = ask("GET", "/large")[1]
assert len(large) == 3000000 and large == ask("GET", "/chunked")[1]
assert ask("GET", "/cookies")[2].headers.get_all("set-cookie") == ["a=1", "b=2"]
assert ask("DELETE", "/status?code=204")[0] == 204
assert json.loads(ask("PURGE", "/what?x=%20", headers={"X-A": "b"})[1])["method"] == "PURGE"
print("done on one connection" if c.sock is not None else "closed")
`;

for (const [name, open] of Object.entries(HTTP_WORLDS)) {
  describe(`an HTTP server ${name}`, () => {
    let world: HttpWorld;
    let at = "";
    const folder = mkdtempSync(join(tmpdir(), "netarium-http-"));
    before(async () => {
      world = await open(manyAnswers);
      at = `http://127.0.0.1:${world.port}`;
    });
    after(async () => {
      rmSync(folder, { recursive: true });
      await world.close();
    });

    test("answers curl: bodies each way, HTTP/1.0 and 1.1, methods, forms, redirects, one connection for all", async (t) => {
      if (!requireTool(t, "curl")) return;
      const curl = (...args: string[]) => run("curl", "-sS", ...args);
      assert.equal(await curl(`${at}/hello`), "Hello, world!\n");
      assert.match(await curl("-i", "--http1.0", `${at}/hello`), /\r\nConnection: close\r\n\r\nHello, world!\n$/);
      assert.match(await curl("-I", `${at}/large`), /\r\nContent-Length: 3000000\r\n/);
      const large = Buffer.from(largeBody()).toString("latin1");
      assert.ok((await curl(`${at}/large`)) === large);
      assert.ok((await curl(`${at}/chunked`)) === large);
      assert.ok((await curl("--http1.0", `${at}/chunked`)) === large);
      const file = join(folder, "large");
      writeFileSync(file, largeBody());
      assert.ok((await curl("-T", file, `${at}/echo`)) === large, "it waits for 100, then sends");
      assert.ok((await curl("-T", file, "-H", "Transfer-Encoding: chunked", "-H", "Expect:", `${at}/echo`)) === large);
      assert.equal(await curl("-T", file, "-w", "%{http_code}", `${at}/unread`), "not read\n403");
      assert.equal(await curl("-d", "a=1&b=%20", `${at}/form`), '[["a","1"],["b"," "]]');
      assert.equal(await curl("-F", "a=1", "-F", `f=@${file}`, `${at}/form`), '[["a","1"],["f",3000000]]');
      assert.equal(await curl("-L", `${at}/redirect`), "Hello, world!\n");
      assert.match(await curl("-X", "OPTIONS", "--request-target", "*", `${at}/what`), /^nothing here$/m);
      const many = Array.from({ length: 5 }, () => ["-o", "/dev/null", "-w", "%{num_connects}", `${at}/hello`]).flat();
      assert.equal(await curl(...many), "10000");
      assert.equal(await curl("-o", "/dev/null", "-w", "%{http_code}", `${at}/broken`), "422");
    });

    test("answers wget", async (t) => {
      if (!requireTool(t, "wget")) return;
      const file = join(folder, "wget");
      await run("wget", "-q", "-O", file, `${at}/chunked`);
      assert.ok(readFileSync(file).equals(Buffer.from(largeBody())));
      assert.equal(await run("wget", "-q", "-O", "-", "--post-data=a=b", `${at}/form`), '[["a","b"]]');
    });

    test("answers Python's http.client", async (t) => {
      if (!requireTool(t, "python3")) return;
      assert.equal(await run("python3", "-c", PYTHON, `${world.port}`), "done on one connection\n");
    });

    test("answers Apache's ab, with connections kept and not", async (t) => {
      if (!requireTool(t, "ab")) return;
      for (const kept of [["-k"], []]) {
        const report = await run("ab", ...kept, "-n", "400", "-c", "8", `${at}/hello`);
        assert.match(report, /Complete requests: +400\n/);
        assert.match(report, /Failed requests: +0\n/);
        assert.doesNotMatch(report, /Non-2xx/);
        if (kept.length > 0) assert.match(report, /Keep-Alive requests: +400\n/);
      }
    });

    test("answers undici, pipelined and in pieces", async () => {
      const client = new Client(at, { pipelining: 8 });
      try {
        const paths = Array.from({ length: 20 }, (_, i) => `/what?${i}`);
        const all = await Promise.all(paths.map((path) => client.request({ method: "GET", path })));
        const targets = await Promise.all(
          all.map(async ({ body }) => ((await body.json()) as { target: string }).target),
        );
        assert.deepEqual(targets, paths);
        const echoed = await client.request({ method: "POST", path: "/echo", body: Buffer.from(largeBody()) });
        assert.ok(Buffer.from(await echoed.body.arrayBuffer()).equals(Buffer.from(largeBody())));
      } finally {
        await client.close();
      }
      const { statusCode, headers } = await undiciRequest(`${at}/cookies`);
      assert.equal(statusCode, 200);
      assert.deepEqual(headers["set-cookie"], ["a=1", "b=2"]);
    });

    test("answers nginx, which stands before it as a proxy and keeps its connections", async (t) => {
      if (!requireTool(t, "nginx")) return;
      const nginx = await startNginxBefore(t, world.port);
      const through = `http://127.0.0.1:${nginx.port}`;
      for (let i = 0; i < 3; i++) assert.equal(await (await fetch(`${through}/hello`)).text(), "Hello, world!\n");
      const large = Buffer.from(largeBody());
      assert.ok(Buffer.from(await (await fetch(`${through}/chunked`)).arrayBuffer()).equals(large));
      const echoed = await fetch(`${through}/echo`, { method: "PUT", body: large });
      assert.ok(Buffer.from(await echoed.arrayBuffer()).equals(large));
      assert.equal((await fetch(`${through}/status?code=204`)).status, 204);
      assert.deepEqual((await fetch(`${through}/cookies`)).headers.getSetCookie(), ["a=1", "b=2"]);
    });
  });
}
