import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Cli } from "../test/support/cli.ts";

describe("netarium curl", () => {
  const folder = mkdtempSync(join(tmpdir(), "netarium-curl-"));
  let server: Server;
  let base = "";

  before(async () => {
    server = createServer((request, response) => {
      if (request.url === "/never") response.writeHead(200, { "Content-Length": 9 }).write("begun\n");
      else if (request.url === "/big") response.end(Buffer.alloc(5_000_000, "x"));
      else if (request.method === "GET") response.end(`${request.headers["user-agent"]}\n`);
      else request.pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("takes curl's options, though they are also ours, and says who it is", async () => {
    const { code, stdout } = await new Cli("curl", "-s", "-w", "%{http_code}", "--", `${base}/`).result;
    assert.equal(code, 0);
    assert.match(stdout, /^netarium\/\d+\.\d+\.\d+\n200$/);
    assert.match((await new Cli("curl", "-V").result).stdout, /^curl of netarium\//);
    assert.match((await new Cli("curl", "--help").result).stdout, /^Usage: curl /);
  });

  test("sends standard input, and writes files", async () => {
    const path = join(folder, "out");
    const cli = new Cli("curl", "-s", "-T", "-", "-o", path, `${base}/echo`);
    cli.child.stdin.end("from standard input");
    assert.equal((await cli.result).code, 0);
    assert.equal(readFileSync(path, "utf8"), "from standard input");
  });

  test("ends with curl's exit codes", async () => {
    const { code, stderr } = await new Cli("curl", "-sS", "http://127.0.0.1:1/").result;
    assert.equal(code, 7);
    assert.match(
      stderr,
      /^curl: \(7\) Failed to connect to 127\.0\.0\.1 port 1 after \d+ ms: Couldn't connect to server\n$/,
    );
    assert.equal((await new Cli("curl", "--nothing").result).code, 2);
  });

  test("is ended by Ctrl-C, with what has come written", async () => {
    const cli = new Cli("curl", "-s", `${base}/never`);
    await cli.says(/begun/);
    const { code, stdout } = await cli.interrupt();
    assert.deepEqual([code, stdout], [130, "begun\n"]);
  });

  test("ends when nobody reads its output any more", async () => {
    const cli = new Cli("curl", "-s", `${base}/big`);
    cli.child.stdout.once("data", () => cli.child.stdout.destroy());
    assert.notEqual((await cli.result).code, 0);
  });
});
