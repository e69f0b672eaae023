import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import fc from "fast-check";
import type { Port } from "../../address/endpoint.ts";
import type { MacAddress } from "../../address/mac.ts";
import { Random } from "../../base/random.ts";
import { Cable } from "../../link/cable.ts";
import { Nic } from "../../link/nic.ts";
import { FRAME_LIMIT, FrameDoor } from "../../network/doors/frame-door.ts";
import { Inputs } from "../../network/input-log.ts";
import { PacketPool } from "../../packet/packet-pool.ts";
import { NEVER } from "../../time/instant.ts";
import { Scheduler } from "../../time/scheduler.ts";
import { FrameSplitter } from "./frame-splitter.ts";
import { FrameStream, type StreamAddress } from "./frame-stream.ts";

/** A door whose far end answers each frame with itself. */
function echo() {
  const scheduler = new Scheduler();
  const pool = new PacketPool();
  const inputs = new Inputs(scheduler);
  const door = new FrameDoor({ name: "s0", scheduler, pool, inputs });
  const nic = new Nic({ device: "pc1", name: "eth0", mac: 5 as MacAddress, scheduler, pool });
  nic.promiscuous = true;
  nic.receiver = (packet) => nic.transmit(packet);
  new Cable(door.nic, nic, { scheduler, pool, random: new Random(1) });
  const drain = (): void => {
    while (scheduler.runUntil(NEVER) !== "idle");
  };
  inputs.onWaiting = () => setImmediate(drain);
  return { door };
}

const folder = mkdtempSync(join(tmpdir(), "netarium-stream-"));
after(() => rmSync(folder, { recursive: true }));

function framed(...frames: Uint8Array[]): Buffer {
  const length = (frame: Uint8Array): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(frame.length);
    return bytes;
  };
  return Buffer.concat(frames.flatMap((frame) => [length(frame), frame]));
}

function reach({ address }: { address: StreamAddress }): Socket {
  return connect("path" in address ? { path: address.path } : { host: address.address, port: address.port });
}

const frame = (byte: number, length = 60): Uint8Array => new Uint8Array(length).fill(byte);

for (const [kind, address] of [
  ["UNIX", { path: join(folder, "a.sock") }],
  ["TCP", { address: "127.0.0.1", port: 0 as Port }],
] as const) {
  test(`frames go both ways over a ${kind} socket, one peer after another, and one at a time`, async () => {
    const { door } = echo();
    const states: string[] = [];
    const stream = await FrameStream.listen({ door, address, onState: (state) => states.push(state) });
    for (let round = 0; round < 2; round++) {
      const frames = [frame(round + 1), frame(7, 1514), frame(8, 61)];
      const peer = reach(stream);
      peer.write(framed(...frames));
      const expected = framed(...frames);
      let got = Buffer.alloc(0);
      for await (const chunk of peer) {
        got = Buffer.concat([got, chunk]);
        if (got.length >= expected.length) break;
      }
      assert.deepEqual(got, expected);
      peer.destroy();
      while (states.at(-1) !== "closed") await new Promise((resolve) => setImmediate(resolve));
    }
    stream.close();
    stream.close();
    assert.deepEqual(states, ["open", "closed", "open", "closed"]);
  });
}

test("a second peer is refused while the first is there", async () => {
  const stream = await FrameStream.listen({ door: echo().door, address: { path: join(folder, "b.sock") } });
  const first = reach(stream);
  first.write(framed(frame(1)));
  await new Promise((resolve) => first.once("data", resolve));
  const second = reach(stream).resume();
  await new Promise((resolve) => second.once("close", resolve));
  stream.close();
  await new Promise((resolve) => first.once("close", resolve));
});

test("a peer that sends no frames is sent away", async () => {
  const { door } = echo();
  const told = new EventEmitter();
  const onState = (state: string, error?: Error): boolean => told.emit(state, error);
  const stream = await FrameStream.listen({ door, address: { path: join(folder, "c.sock") }, onState });
  reach(stream).write("GET / HTTP/1.1\r\n\r\n");
  assert.match(String((await once(told, "closed"))[0]), /length is out of range/);
  stream.close();
});

test("who connects finds a peer that listens", async () => {
  const listening = await FrameStream.listen({ door: echo().door, address: { path: join(folder, "d.sock") } });
  const { door } = echo();
  const told = new EventEmitter();
  const onState = (state: string): boolean => told.emit(state);
  const stream = FrameStream.connect({ door, address: listening.address, onState });
  await once(told, "open");
  door.enter(frame(3));
  await new Promise((resolve) => setImmediate(resolve));
  stream.close();
  listening.close();
});

test("who finds nobody tries again and again, and says so once for each reason", async () => {
  const path = join(folder, "f.sock");
  const sockets = new EventEmitter();
  const tried = (): boolean => sockets.emit("tried");
  subscribe("net.client.socket", tried);
  const said: string[] = [];
  const told = new EventEmitter();
  const onState = (state: string, error?: NodeJS.ErrnoException): void => {
    said.push(error?.code ?? state);
    told.emit(error?.code ?? state);
  };
  const tries = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await once(sockets, "tried");
  };
  const stream = FrameStream.connect({ door: echo().door, address: { path }, onState, reconnectAfter: 1 });
  await tries(5);
  const refused = once(told, "ECONNREFUSED");
  writeFileSync(path, "");
  await refused;
  await tries(5);
  rmSync(path);
  const opened = once(told, "open");
  const listening = await FrameStream.listen({ door: echo().door, address: { path } });
  await opened;
  listening.close();
  await once(told, "ENOENT");
  await tries(5);
  stream.close();
  unsubscribe("net.client.socket", tried);
  const calls = said.filter((each, index) => each !== said[index - 1]);
  assert.deepEqual(said, calls, "nothing is said twice running");
  assert.deepEqual(said.slice(0, 2), ["ENOENT", "ECONNREFUSED"]);
  assert.deepEqual(said.slice(-3), ["open", "closed", "ENOENT"]);
});

test("who listens takes the place of one that was killed and left its socket, but of nothing else", async () => {
  const [path, left] = [join(folder, "g.sock"), join(folder, "h.sock")];
  const killed = createServer().listen(path);
  await once(killed, "listening");
  renameSync(path, left); // so that closing does not remove it
  killed.close();
  const stream = await FrameStream.listen({ door: echo().door, address: { path: left } });
  const peer = reach(stream);
  peer.write(framed(frame(1)));
  await once(peer, "data");
  peer.destroy();
  stream.close();
  writeFileSync(path, "precious");
  await assert.rejects(FrameStream.listen({ door: echo().door, address: { path } }), { code: "EADDRINUSE" });
  assert.equal(readFileSync(path, "utf8"), "precious");
});

test("who listens where another does is told", async () => {
  const address = { path: join(folder, "e.sock") };
  const stream = await FrameStream.listen({ door: echo().door, address });
  await assert.rejects(FrameStream.listen({ door: echo().door, address }), { code: "EADDRINUSE" });
  stream.close();
});

test("a stream is cut into its frames, in whatever pieces it comes", () => {
  const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(FRAME_LIMIT)), { maxLength: 6 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 5000 }), (sizes, piece) => {
      const frames = sizes.map((size, i) => frame(i, size));
      const stream = framed(...frames);
      const got: Uint8Array[] = [];
      const splitter = new FrameSplitter((bytes) => got.push(bytes));
      for (let at = 0; at < stream.length; at += piece) assert.ok(splitter.write(stream.subarray(at, at + piece)));
      assert.deepEqual(got, frames);
    }),
    { numRuns: 30 },
  );
  for (const bad of [0, FRAME_LIMIT + 1, 0xffffffff]) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(bad);
    assert.equal(new FrameSplitter(() => {}).write(bytes), false);
  }
});
