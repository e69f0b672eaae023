import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { describe, test } from "node:test";
import { WebSocket } from "ws";
import { Cli, cli, networkFile } from "../test/support/cli.ts";

const FILE = "test/browser/two-hosts.yaml";
const URL_OF_LAB = /http:\/\/127\.0\.0\.1:(\d+)\/#token=([\w-]{43})\n/;

async function taken(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as { port: number }).port };
}

describe("netarium lab", { timeout: 300_000 }, () => {
  test("prints the page's address with a token of the start, and ends at Ctrl-C", async () => {
    const tokens: (string | undefined)[] = [];
    for (let start = 0; start < 2; start++) {
      const lab = new Cli("lab", FILE, "--no-open", "--port", "0");
      const [, port, token] = await lab.says(URL_OF_LAB);
      tokens.push(token);
      const page = await fetch(`http://127.0.0.1:${port}/`);
      assert.match(await page.text(), /<script type="module" src="main-[0-9A-Z]{8}\.js">/);
      const { code, stderr } = await lab.interrupt();
      assert.equal(code, 0);
      assert.equal(stderr, "");
    }
    assert.notEqual(tokens[0], tokens[1]);
  });

  test("takes the next port when its own is in use, and says what to do when the one that is asked for is", async () => {
    const [one, other] = [new Cli("lab", FILE, "--no-open"), new Cli("lab", FILE, "--no-open")];
    const [[, first], [, second]] = await Promise.all([one.says(URL_OF_LAB), other.says(URL_OF_LAB)]);
    assert.notEqual(first, second);
    const third = await cli("lab", FILE, "--no-open", "--port", `${first}`);
    assert.equal(third.code, 2);
    assert.match(third.stderr, new RegExp(`^netarium: port ${first} is in use: .*--port \\(0 takes any\\)\n$`));
    await Promise.all([one.interrupt(), other.interrupt()]);
  });

  test("leaves a door shut whose port is in use, says so, and runs all the same", async (t) => {
    const { server, port } = await taken();
    t.after(() => server.close());
    const lab = new Cli("lab", "test/browser/talk.yaml", "--no-open", "--port", "0", "--port", `echo=${port}`);
    await lab.says(URL_OF_LAB);
    const { code, stderr } = await lab.interrupt();
    assert.equal(code, 0);
    assert.match(stderr, new RegExp(`the door echo cannot be opened: .*${port}.* is in use; .*--port echo=NUMBER`));
  });

  test("refuses a file that is wrong or missing, and a door that there is not", async (t) => {
    const wrong = await cli("lab", networkFile(t, "netarium: 1\ndevices: { a: { kind: spaceship } }\n"), "--no-open");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /spaceship/);
    const missing = await cli("lab", "nowhere.yaml", "--no-open");
    assert.deepEqual([missing.code, missing.stderr], [2, "netarium: nowhere.yaml: there is no such file\n"]);
    const door = await cli("lab", FILE, "--no-open", "--port", "back=1");
    assert.match(door.stderr, /^netarium: --port back: there is no published port of that name/);
    assert.equal((await cli("lab", "--port", "x")).code, 2);
  });

  test("says which version it speaks to a page of another, and hears no more of it", async (t) => {
    const lab = new Cli("lab", FILE, "--no-open", "--port", "0");
    t.after(() => void lab.child.kill("SIGKILL"));
    const [, port, token] = await lab.says(URL_OF_LAB);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/engine`, { origin: `http://127.0.0.1:${port}` });
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "hello", version: 99, token }));
    const [message] = (await once(socket, "message")) as [Buffer];
    assert.deepEqual(JSON.parse(`${message}`), { type: "refusal", code: "version", version: 1 });
    await once(socket, "close");
    assert.equal((await lab.interrupt()).code, 0);
  });
});
