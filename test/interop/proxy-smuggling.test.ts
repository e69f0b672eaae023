/**
 * Requests that two recipients might end in different places (test/http/smuggling.ts), through our proxy with an nginx
 * behind it, and through an nginx with our server behind it: both always take the same requests.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Handler, Response, reverseProxy } from "../../src/application/http/index.ts";
import { answerVectors, type Vector, vectors } from "../http/smuggling.ts";
import { requireTool } from "../require.ts";
import { size } from "../size.ts";
import { type Nginx, startNginx, startNginxBefore } from "./http/nginx.ts";
import { Serving } from "./serving.ts";

/** Each so many of them. */
const STEP = size(5, 1);
const AT_ONCE = 8;

/** `method target upstream-status` of each request that an nginx took for one. */
async function logOf({ folder }: Nginx): Promise<string[]> {
  // It logs a request when it has ended, which a client need not wait for.
  let before = -1;
  for (;;) {
    const lines = readFileSync(join(folder, "access.log"), "utf8").split("\n");
    if (lines.length === before) return lines.filter((line) => line !== "");
    before = lines.length;
    await sleep(300);
  }
}

/** Sends one on a connection of its own. @returns all that comes back until the other end closes */
function send(port: number, { input, name }: Vector): Promise<string> {
  return new Promise((resolve, reject) => {
    let answers = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(input));
    socket.setTimeout(120_000, () => socket.destroy(new Error(`no end of ${name}`)));
    socket.setEncoding("latin1").on("data", (text: string) => (answers += text));
    socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" ? undefined : reject(error)));
    socket.on("close", () => resolve(answers));
  });
}

/** Sends all that are chosen. @returns them with what came back */
async function sendAll(port: number): Promise<[Vector, string][]> {
  const chosen = [...vectors()].filter(({ id }, n) => (id + n) % STEP === 0);
  const done: [Vector, string][] = [];
  const work = chosen.values();
  const worker = async () => {
    for (const vector of work) done.push([vector, await send(port, vector)]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return done;
}

/** Targets of requests, by the vector that they came from. */
function byVector(targets: Iterable<string>): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const target of targets) {
    const [, word = "", id = ""] = target.split("/");
    if (!/^\d+$/.test(id)) continue;
    const list = found.get(Number(id)) ?? [];
    found.set(Number(id), [...list, word]);
  }
  return found;
}

const statusesOf = (answers: string): number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));

/** An upstream that answers `/first/N` by the Nth vector, and all else by "sound". It ends connections that it has poisoned. */
async function poisoner(t: TestContext, inputs: readonly Uint8Array[]): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.setEncoding("latin1").on("data", (text: string) => {
      const first = /^GET \/first\/(\d+) /.exec(text);
      if (first === null) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsound");
        return;
      }
      socket.write(inputs[Number(first[1])] as Uint8Array);
      setTimeout(() => socket.end(), 30);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return (server.address() as { port: number }).port;
}

/** What a client gets, over a connection of its agent. */
function get(agent: Agent, port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ agent, port, path, host: "127.0.0.1" }, (response) => {
      let body = "";
      response.setEncoding("latin1").on("data", (text: string) => (body += text));
      response.on("end", () => resolve(`${response.statusCode} ${body}`));
      response.on("error", () => resolve(`cut ${body}`));
    });
    asked.on("error", (error) => resolve(`error ${error.message}`));
    asked.end();
  });
}

test("no answer of an upstream is taken for two by our proxy", { timeout: 300_000 }, async (t) => {
  const chosen = [...answerVectors()].filter((_, n) => n % size(61, 3) === 0);
  const upstream = await poisoner(
    t,
    chosen.map(({ input }) => input),
  );
  const { port } = await Serving.start(t, (context) => {
    const to = [{ url: `http://127.0.0.1:${upstream}` }];
    return reverseProxy(context, { routes: [{ path: "/", to }] }).handler;
  });
  const work = chosen.entries();
  let refused = 0;
  const worker = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const [n, { name }] of work) {
      const first = await get(agent, port, `/first/${n}`);
      // Right after it, while what is left over has not been seen to be wrong.
      assert.equal(await get(agent, port, `/second/${n}`), "200 sound", `${name}, after ${first}`);
      assert.match(first, /^(?:200|502|cut) /, name);
      if (first.startsWith("502")) refused++;
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.ok(refused > chosen.length / 3 && refused < chosen.length, `${refused} of ${chosen.length} refused`);
});

describe("no request is taken for two", { timeout: 300_000 }, () => {
  test("by our proxy and the nginx behind it", async (t) => {
    if (!requireTool(t, "nginx")) return;
    const behind = await startNginx(t, () => ({
      http: "keepalive_requests 1000000;",
      server: 'location / { return 200 "nginx"; }',
    }));
    const seen: string[] = [];
    const { port } = await Serving.start(t, (context) => {
      const routes = [{ path: "/", to: [{ url: `http://127.0.0.1:${behind.port}` }] }];
      const { handler } = reverseProxy(context, { routes });
      const noting: Handler = (request, info) => {
        seen.push(request.target);
        return handler(request, info);
      };
      return noting;
    });
    const done = await sendAll(port);
    const [ours, theirs] = [byVector(seen), byVector((await logOf(behind)).map((line) => line.split(" ")[1] ?? ""))];
    for (const [{ id, name, taken, refused }, answers] of done) {
      assert.deepEqual(ours.get(id) ?? [], taken, name);
      // What ends in a fault may not have got there.
      const got = theirs.get(id) ?? [];
      assert.deepEqual(got, refused ? taken.slice(0, got.length) : taken, `${name}: behind the proxy`);
      assert.equal((statusesOf(answers).at(-1) ?? 0) >= 400, refused, `${name}: ${answers}`);
    }
    assert.ok([...theirs.values()].flat().length > done.length / 100, "some came through");
  });

  test("by an nginx and our server behind it", async (t) => {
    if (!requireTool(t, "nginx")) return;
    const seen: string[] = [];
    const ours = await Serving.start(t, () => async (request) => {
      seen.push(request.target);
      await request.text();
      return new Response("ours");
    });
    const before = await startNginxBefore(t, ours.port);
    const done = await sendAll(before.port);
    const passed = (await logOf(before)).filter((line) => !line.endsWith("-")).map((line) => line.split(" ")[1] ?? "");
    const [here, there] = [byVector(seen), byVector(passed)];
    for (const [{ id, name }] of done) assert.deepEqual(here.get(id) ?? [], there.get(id) ?? [], name);
    assert.ok(seen.length > done.length / 100, "some came through");
  });
});
