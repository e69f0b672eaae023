import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, Socket as NetSocket } from "node:net";
import { type TestContext, test } from "node:test";
import { size } from "../../../../test/size.ts";
import type { Socket } from "../../../socket/socket.ts";
import { osSockets } from "../os-sockets.ts";
import { HandleWriter, readingBy } from "./tcp-handle.ts";

const HOST = "127.0.0.1";
const LENGTH = size(24, 1_024) * 1024 * 1024;
/** More than the system's buffers of both sides take. */
const LARGE = 16 * 1024 * 1024;
const PIECE = 61_003;

/** The octet at a place of the stream, which repeats itself at no power of two. */
const octetAt = (place: number): number => (place + Math.floor(place / 251)) & 0xff;
const pattern = (place: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => octetAt(place + i));
const PERIOD = 251 * 256;
const TWICE = pattern(0, 2 * PERIOD);
/** The same without making it. */
const part = (place: number, length: number): Uint8Array => {
  const from = place % PERIOD;
  return TWICE.subarray(from, from + Math.min(length, PERIOD));
};

/** One of our sockets, accepted, and a client of Node's. */
async function accepted(t: TestContext): Promise<{ socket: Socket; client: NetSocket }> {
  const listener = osSockets().socket("inet", "stream");
  await listener.bind({ address: HOST, port: 0 });
  await listener.listen();
  const client = new NetSocket({ allowHalfOpen: true }).connect(listener.getsockname().port, HOST);
  client.on("error", () => {});
  const socket = await listener.accept();
  if (client.connecting) await once(client, "connect");
  t.after(async () => {
    client.destroy();
    await socket.close();
    await listener.close();
  });
  return { socket, client };
}

/** Writes until the system takes no more. @returns how many bytes */
function fill(socket: Socket, before = 0, length = PIECE): number {
  for (let place = before; ; ) {
    const count = socket.write(part(place, length));
    if (count === "EAGAIN") return place - before;
    assert.equal(typeof count, "number");
    place += Number(count);
  }
}

const ready = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.onReady = resolve;
  });

/** All that comes, checked, without haste. @returns its length */
async function drink(client: NetSocket): Promise<number> {
  let place = 0;
  for await (const chunk of client as AsyncIterable<Buffer>) {
    await new Promise((resolve) => setImmediate(resolve));
    for (let at = 0; at < chunk.length; ) {
      const expected = part(place, chunk.length - at);
      assert.equal(Buffer.compare(chunk.subarray(at, at + expected.length), expected), 0, `octets from ${place}`);
      at += expected.length;
      place += expected.length;
    }
  }
  return place;
}

test("Node's handles are as we know them, so that we write past the stream", {
  skip: process.platform === "win32",
}, async (t) => {
  const { client } = await accepted(t);
  assert.ok(HandleWriter.on(client, () => {}));
});

test("a socket on a handle of another shape is left as it is", () => {
  const socket = new NetSocket();
  Object.assign(socket, { _handle: { writeBuffer() {} } });
  assert.equal(
    HandleWriter.on(socket, () => {}),
    undefined,
  );
  const reading = { buffer: new Uint8Array(1), callback: () => true };
  assert.equal(readingBy(reading, socket, 1), socket);
});

test("what the system takes only in part, or later, comes whole and in order, and the end after it", async (t) => {
  const { socket, client } = await accepted(t);
  client.pause();
  let sent = fill(socket);
  assert.ok(sent < LARGE, "the system takes no more");
  assert.equal(socket.poll().writable, false);
  const drunk = drink(client);
  while (sent < LARGE) {
    await ready(socket);
    sent += fill(socket, sent);
  }
  await socket.shutdown("write");
  assert.equal(await drunk, sent);
});

test("what waits stays as it was written, whatever is written to others", async (t) => {
  for (const length of [1_000, PIECE]) {
    const { socket, client } = await accepted(t);
    const other = await accepted(t);
    client.pause();
    const sent = fill(socket, 0, length);
    for (const each of [length, 10, PIECE]) other.socket.write(new Uint8Array(each).fill(255));
    const drunk = drink(client);
    await socket.shutdown("write");
    assert.equal(await drunk, sent);
  }
});

test("a socket that is closed while bytes wait sends them first", async (t) => {
  const { socket, client } = await accepted(t);
  client.pause();
  const sent = fill(socket);
  await socket.close();
  assert.equal(await drink(client), sent);
});

test("a peer that takes slowly holds up who writes; nothing piles up, and everything comes", {
  timeout: 120_000,
}, async (t) => {
  const { socket, client } = await accepted(t);
  const drunk = drink(client);
  let sent = 0;
  let most = 0;
  while (sent < LENGTH) {
    const count = fill(socket, sent);
    sent += count;
    most = Math.max(most, process.memoryUsage().arrayBuffers);
    await ready(socket);
  }
  await socket.shutdown("write");
  assert.equal(await drunk, sent);
  assert.ok(most < 64 * 1024 * 1024, `${most} bytes of memory`);
});

test("a reset while bytes wait is an error of the next call, and ends the connection", async (t) => {
  const { socket, client } = await accepted(t);
  client.pause();
  fill(socket);
  const edge = ready(socket);
  client.resetAndDestroy();
  await edge;
  assert.ok(["ECONNRESET", "EPIPE"].includes(`${socket.write(Uint8Array.of(1))}`));
  assert.equal(socket.poll().hangup, true);
});

test("writing to who has gone is an error told later, never one thrown", async (t) => {
  const { socket, client } = await accepted(t);
  client.destroy(); // an end; what we send is answered by a reset
  let result: unknown = 0;
  for (let tries = 0; typeof result === "number" && tries < 1_000; tries++) {
    result = socket.write(Uint8Array.of(1));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(["ECONNRESET", "EPIPE"].includes(`${result}`), `${result}`);
});

test("after the peer's end there is still writing", async (t) => {
  const { socket, client } = await accepted(t);
  client.end(pattern(0, 10));
  assert.deepEqual(await socket.recv(100), pattern(0, 10));
  assert.equal((await socket.recv(100)).length, 0);
  const drunk = drink(client);
  let sent = 0;
  while (sent < LARGE) sent += await socket.send(part(sent, PIECE));
  await socket.close();
  assert.equal(await drunk, sent);
});

test("what many connections have not read stays theirs, whatever others read into the same memory", async (t) => {
  const server = createServer({ allowHalfOpen: true }, (peer) => peer.on("error", () => {}).pipe(peer));
  server.listen(0, HOST);
  await once(server, "listening");
  t.after(() => server.close());
  const to = { address: HOST, port: (server.address() as AddressInfo).port };
  const sockets = osSockets();
  const COUNT = 100;
  const all = Array.from({ length: COUNT }, () => sockets.socket("inet", "stream"));
  t.after(() => Promise.all(all.map((each) => each.close())));
  await Promise.all(all.map((each) => each.connect(to)));
  const LENGTHS = [1, 100, 2_048, 2_049, 40_000, 200_000];
  for (const [index, socket] of all.entries()) {
    const bytes = new Uint8Array(LENGTHS[index % LENGTHS.length] as number).fill(index);
    void socket.send(bytes).then(() => socket.shutdown("write"));
  }
  // All arrives, and nobody reads but a bit now and then.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  for (const [index, socket] of all.entries()) {
    let length = 0;
    for (;;) {
      const size = index % 2 === 0 ? 65_536 : 777;
      const bytes = await socket.recv(size);
      if (bytes.length === 0) break;
      length += bytes.length;
      assert.ok(bytes.every((octet) => octet === index));
    }
    assert.equal(length, LENGTHS[index % LENGTHS.length]);
  }
});

test("pieces that were handed on stay as they were while more arrives", async (t) => {
  const { socket, client } = await accepted(t);
  const bytes = Buffer.from(pattern(0, LARGE));
  client.end(bytes);
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = await socket.recv(65_536);
    if (piece.length === 0) break;
    pieces.push(piece);
  }
  assert.equal(Buffer.compare(Buffer.concat(pieces), bytes), 0);
});
