import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeConnection, FakeTransport } from "../../test/fixtures/fake-stream.ts";
import { type Instant, milliseconds } from "../time/instant.ts";
import { Scheduler } from "../time/scheduler.ts";
import { SocketTable } from "./endpoint-socket.ts";
import { StreamSocket } from "./stream-socket.ts";
import { VirtualWaking } from "./virtual-waking.ts";

const PEER = { address: "10.0.0.2", port: 80 };

function world() {
  const scheduler = new Scheduler();
  const table = new SocketTable(new VirtualWaking(scheduler), 10);
  const transport = new FakeTransport();
  const socket = new StreamSocket(table, transport);
  const connection = new FakeConnection();
  transport.next = connection;
  return { scheduler, table, transport, socket, connection };
}

async function connectedWorld() {
  const made = world();
  made.connection.state = "SYN-SENT";
  const connecting = made.socket.connect(PEER);
  made.connection.state = "ESTABLISHED";
  made.connection.edge();
  await connecting;
  return made;
}

const code = (expected: string) => (error: unknown) => (error as { code?: string }).code === expected;

test("a connection that fails after a part was sent tells the part first, then the error", async () => {
  const { socket, connection } = await connectedWorld();
  connection.writes = [100, "ECONNRESET"];
  assert.equal(await socket.send(new Uint8Array(500)), 100);
  assert.equal(socket.poll().error, true);
  await assert.rejects(socket.send(new Uint8Array(1)), code("ECONNRESET"));
  assert.equal(socket.poll().error, false);
});

test("what arrived in memory of its own is handed on as it is, unless an error or a smaller size goes before", async () => {
  const { socket, connection } = await connectedWorld();
  const pieces = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)];
  connection.takePiece = (size) =>
    (pieces[0]?.length ?? Number.POSITIVE_INFINITY) <= size ? pieces.shift() : undefined;
  const [first] = pieces;
  assert.equal(await socket.recv(100), first);
  connection.reads = [1];
  assert.deepEqual(await socket.recv(1), Uint8Array.of(1), "too long for that: it is read");
  connection.writes = [1, "ECONNRESET"];
  assert.equal(await socket.send(new Uint8Array(2)), 1);
  await assert.rejects(socket.recv(100), code("ECONNRESET"));
  assert.deepEqual(await socket.recv(100), Uint8Array.of(4, 5));
});

test("a send goes on where it was at every edge", async () => {
  const { socket, connection } = await connectedWorld();
  connection.writes = [10, 20];
  const sending = socket.send(new Uint8Array(100));
  connection.writes = [30];
  connection.edge();
  connection.writes = [1000];
  connection.edge();
  assert.equal(await sending, 100);
});

test("an edge from inside a call on the socket is told when the call is over, as an event", async () => {
  const { scheduler, socket, connection } = await connectedWorld();
  let edges = 0;
  socket.onReady = () => edges++;
  connection.writes = [5];
  connection.insideWrite = () => connection.edge();
  assert.equal(socket.write(new Uint8Array(5)), 5);
  assert.equal(edges, 0);
  while (scheduler.runUntil(0 as Instant) !== "reached");
  assert.equal(edges, 1);
});

test("an attempt that fails leaves a socket that may try again, under the same name when it was bound", async () => {
  const { socket, transport, connection } = world();
  await socket.bind({ address: "0.0.0.0", port: 5000 });
  connection.state = "SYN-SENT";
  const first = socket.connect(PEER);
  await assert.rejects(socket.connect(PEER), code("EALREADY"));
  connection.state = "CLOSED";
  connection.error = "ECONNREFUSED";
  connection.edge();
  await assert.rejects(first, code("ECONNREFUSED"));
  assert.equal(socket.getsockname().port, 5000);
  transport.next = new FakeConnection();
  const second = socket.connect(PEER);
  transport.next.onReady?.();
  await second;
  assert.deepEqual(transport.binds, [5000, 5000]);
  await assert.rejects(socket.connect(PEER), code("EISCONN"));
});

test("an attempt goes on after the call that began it was ended, and the next call tells how it went", async () => {
  const { scheduler, socket, transport, connection } = world();
  connection.state = "SYN-SENT";
  const late = assert.rejects(socket.connect(PEER, { timeout: milliseconds(5) }), code("ETIMEDOUT"));
  while (scheduler.runUntil(milliseconds(10) as never) !== "reached");
  await late;
  await assert.rejects(socket.connect(PEER), code("EALREADY"));
  assert.deepEqual(socket.poll(), { readable: false, writable: false, hangup: false, error: false, urgent: false });
  assert.equal(socket.read(new Uint8Array(1)), "EAGAIN");
  connection.state = "ESTABLISHED";
  connection.edge();
  connection.writes = [1];
  assert.equal(socket.poll().writable, true);
  await socket.connect(PEER);
  await assert.rejects(socket.connect(PEER), code("EISCONN"));
  assert.equal(transport.binds.length, 0);
});

test("an attempt that is refused at once is no attempt", async () => {
  const { socket, transport } = world();
  transport.next = "ENETUNREACH";
  await assert.rejects(socket.connect(PEER), code("ENETUNREACH"));
  await assert.rejects(socket.connect(PEER), code("ENETUNREACH"));
  assert.throws(() => socket.getpeername(), code("ENOTCONN"));
});

test("closing gives back what the socket holds", async () => {
  const bound = world();
  await bound.socket.bind({ address: "0.0.0.0", port: 5000 });
  await bound.socket.close();
  assert.deepEqual(bound.transport.released, [5000]);
  const listening = world();
  await listening.socket.bind({ address: "0.0.0.0", port: 5000 });
  await listening.socket.listen();
  await listening.socket.close();
  assert.deepEqual(listening.transport.released, [-5000, 5000]);
  const open = await connectedWorld();
  assert.equal(open.table.open.size, 1);
  await open.socket.close();
  assert.deepEqual(open.connection.calls, ["close"]);
  assert.equal(open.table.open.size, 0);
  const hard = await connectedWorld();
  hard.socket.setsockopt("SO_LINGER", 0);
  await hard.socket.close();
  assert.deepEqual(hard.connection.calls, ["abort"]);
});

test("calls wait for an operating system's late answers, in their order, and a close between gives back", async () => {
  const { socket, transport } = world();
  let come = (): void => {};
  transport.later = new Promise((resolve) => {
    come = resolve;
  });
  const bind = socket.bind({ address: "0.0.0.0", port: 5000 });
  const again = assert.rejects(socket.bind({ address: "0.0.0.0", port: 5001 }), code("EINVAL"));
  const listen = socket.listen();
  const accept = socket.accept();
  const listens = () => transport.listener !== undefined;
  assert.equal(listens(), false);
  come();
  await Promise.all([bind, again, listen]);
  transport.waiting.push(new FakeConnection());
  transport.listener?.onReady?.();
  await (await accept).close();

  const other = world();
  other.transport.later = Promise.resolve();
  const closed = assert.rejects(other.socket.bind({ address: "0.0.0.0", port: 5000 }), code("EBADF"));
  await other.socket.close();
  await closed;
  assert.deepEqual(other.transport.released, [5000]);
});

test("what was set after listen holds for those that are accepted then", async () => {
  const { socket, transport } = world();
  await socket.listen();
  const [first, second] = [new FakeConnection(), new FakeConnection()];
  transport.waiting.push(first, second);
  assert.ok(typeof socket.acceptNow() === "object");
  socket.setsockopt("TCP_NODELAY", true);
  const accepted = socket.acceptNow();
  assert.ok(typeof accepted === "object");
  assert.deepEqual([first.changes, second.changes], [[], [{ noDelay: true }]]);
  assert.equal(accepted.getsockopt("TCP_NODELAY"), true);
});
