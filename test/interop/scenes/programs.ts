import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { discardServer } from "../../../src/application/discard/server.ts";
import { echoServer } from "../../../src/application/echo/server.ts";
import type { ProgramContext } from "../../../src/application/program.ts";
import { serveEach } from "../../../src/application/stream.ts";
import type { Socket } from "../../../src/socket/socket.ts";
import { connectTcp, listenTcp, writeAll } from "../../../src/socket/tcp.ts";
import { milliseconds } from "../../../src/time/instant.ts";
import { finished } from "../../namespace.ts";
import type { Scene } from "../conversations.ts";
import { randomText, receive } from "../ground.ts";
import { say, stage } from "../pairs.ts";
import { OUR_PORTS, THEIR_PORTS, type World } from "../worlds.ts";

const BYTES = 2 ** 20;

/** Programs that others wrote, as clients and as servers of ours. */
export function programs(scene: Scene): void {
  curl(scene);
  iperf(scene);
  nc(scene);
  httpServer(scene);
}

const hashOf = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** Serves one program on our host while something is done. */
async function serving(world: World, serve: (context: ProgramContext) => Promise<void>, use: () => Promise<void>) {
  const control = new AbortController();
  const served = world.ground.play((context) =>
    serve({ ...context, signal: AbortSignal.any([context.signal, control.signal]) }),
  );
  await world.ground.play(({ clock }) => clock.sleep(milliseconds(10)));
  try {
    await use();
  } finally {
    control.abort(new Error("served"));
    await served.catch(() => {});
  }
}

/** Bytes up to a text, and what came behind it. */
async function readTo(socket: Socket, end: string): Promise<[head: string, rest: Uint8Array]> {
  let all = Buffer.alloc(0);
  for (;;) {
    const at = all.indexOf(end);
    if (at >= 0) return [all.subarray(0, at).toString(), all.subarray(at + end.length)];
    const piece = await socket.recv(65_536);
    if (piece.length === 0) throw new Error(`the end came before ${JSON.stringify(end)}`);
    all = Buffer.concat([all, piece]);
  }
}

/** As much HTTP/1.1 as curl needs: a page for GET, the hash of the body for PUT. One request a connection. */
async function answerRequest(socket: Socket, page: Uint8Array): Promise<void> {
  const [head, rest] = await readTo(socket, "\r\n\r\n");
  const hash = createHash("sha256").update(rest);
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  if (/^expect: 100-continue/im.test(head)) await say(socket, "HTTP/1.1 100 Continue\r\n\r\n");
  for (let got = rest.length; got < length; ) {
    const piece = await socket.recv(65_536);
    if (piece.length === 0) throw new Error("the body ended early");
    got += piece.length;
    hash.update(piece);
  }
  const body = head.startsWith("PUT ") ? new TextEncoder().encode(hash.digest("hex")) : page;
  await say(socket, `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`);
  await writeAll(socket, body);
}

function curl(scene: Scene): void {
  scene("curl gets a page from us and puts one", async (world) => {
    const page = randomText(BYTES);
    const file = world.path("page");
    writeFileSync(file, page);
    const web = async (context: ProgramContext): Promise<void> => {
      const listener = await listenTcp(context.sockets, { address: "0.0.0.0", port: OUR_PORTS.web });
      await serveEach(context, listener, 10, (socket) => answerRequest(socket, page));
    };
    await serving(world, web, async () => {
      const url = `http://${world.usFromPrograms}:${OUR_PORTS.web}/`;
      const got = world.path("got");
      await world.namespace.run("curl", "-sS", "--max-time", "60", "-o", got, url);
      assert.equal(hashOf(readFileSync(got)), hashOf(page));
      assert.equal(await world.namespace.run("curl", "-sS", "--max-time", "60", "-T", file, url), hashOf(page));
    });
  });
}

function iperf(scene: Scene): void {
  scene("iperf sends to us, and takes what we send", async (world) => {
    const sink = (context: ProgramContext): Promise<void> =>
      discardServer.run(context, { address: "0.0.0.0", port: OUR_PORTS.sink, clients: 10 });
    await serving(world, sink, async () => {
      const at = ["-c", world.usFromPrograms, "-p", String(OUR_PORTS.sink)];
      const said = await world.namespace.run("iperf", ...at, "-n", String(BYTES), "-P", "2", "-y", "C");
      const sums = said
        .trim()
        .split("\n")
        .map((line) => Number(line.split(",")[7]));
      assert.ok(sums.length >= 2 && sums.every((sum) => sum >= BYTES), said);
    });

    const server = world.namespace.spawn("iperf", "-s", "-p", String(THEIR_PORTS.sink), "-y", "C");
    const report = once(server.stdout, "data");
    await listens(world, THEIR_PORTS.sink);
    await stage(world, async ({ context }) => {
      const socket = await connectTcp(context.sockets, { address: world.them, port: THEIR_PORTS.sink });
      await writeAll(socket, new Uint8Array(BYTES));
      await socket.close();
    });
    const told = String((await report)[0]);
    server.kill();
    const counted = Number(told.split(",")[7]);
    assert.ok(counted >= BYTES - 64 && counted <= BYTES, told); // it leaves out what it takes for a header
  });
}

/** Waits until a program listens on a port. */
async function listens(world: World, port: number): Promise<void> {
  while ((await world.namespace.run("ss", "-Hltn", `sport = :${port}`)) === "") await pause(50);
}

/** Writes to a program and ends its input. */
function feed(child: ChildProcess, data: Uint8Array): void {
  child.stdin?.end(data);
}

function nc(scene: Scene): void {
  const data = randomText(BYTES);
  scene("nc hears its echo from us, and serves us", async (world) => {
    const echo = (context: ProgramContext): Promise<void> =>
      echoServer.run(context, { address: "0.0.0.0", port: OUR_PORTS.echo, clients: 10 });
    await serving(world, echo, async () => {
      const client = world.namespace.spawn("nc", "-N", world.usFromPrograms, String(OUR_PORTS.echo));
      const heard = finished(client);
      feed(client, data);
      assert.equal(hashOf((await heard).out), hashOf(data));
    });

    const server = world.namespace.spawn("nc", "-N", "-l", String(THEIR_PORTS.echo));
    const heard = finished(server);
    await listens(world, THEIR_PORTS.echo);
    feed(server, data);
    await stage(world, async ({ context, world: { them } }) => {
      const socket = await connectTcp(context.sockets, { address: them, port: THEIR_PORTS.echo });
      const [got] = await Promise.all([receive(socket), writeAll(socket, data)]);
      await socket.shutdown("write"); // a listening nc ends with its input, whatever it still has to send
      assert.deepEqual(got, { count: data.length, hash: hashOf(data) });
    });
    assert.equal(hashOf((await heard).out), hashOf(data));
  });
}

function httpServer(scene: Scene): void {
  scene("we get a page from Python's HTTP server", async (world) => {
    const page = randomText(BYTES);
    const file = world.path("site/page");
    mkdirSync(dirname(file));
    writeFileSync(file, page);
    const site = ["-m", "http.server", String(THEIR_PORTS.web), "--directory", dirname(file)];
    const server = world.namespace.spawn("python3", ...site);
    const ended = finished(server);
    await listens(world, THEIR_PORTS.web);
    await stage(world, async ({ context }) => {
      const socket = await connectTcp(context.sockets, { address: world.them, port: THEIR_PORTS.web });
      await say(socket, "GET /page HTTP/1.0\r\n\r\n");
      const [head, rest] = await readTo(socket, "\r\n\r\n");
      assert.match(head, /^HTTP\/1\.0 200 /);
      const pieces = [rest];
      for (;;) {
        const piece = await socket.recv(65_536);
        if (piece.length === 0) break;
        pieces.push(piece);
      }
      assert.equal(hashOf(Buffer.concat(pieces)), hashOf(page));
    });
    server.kill();
    await ended;
  });
}
