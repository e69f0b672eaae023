import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeConnection, FakeTransport } from "../../test/fixtures/fake-stream.ts";
import { Scheduler } from "../time/scheduler.ts";
import { chunks, connections, connectTcp, listenTcp, writeAll } from "./tcp.ts";
import { EndpointSockets } from "./virtual.ts";
import { VirtualWaking } from "./virtual-waking.ts";
import { toWebStreams } from "./web-streams.ts";

const PEER = { address: "10.0.0.2", port: 80 };

function world() {
  const transport = new FakeTransport();
  const udp = { open: () => assert.fail("no datagrams here") };
  const sockets = new EndpointSockets({ tcp: transport, udp, waking: new VirtualWaking(new Scheduler()) });
  const connect = async () => {
    const connection = new FakeConnection();
    transport.next = connection;
    const connecting = connectTcp(sockets, PEER);
    connection.edge();
    return { connection, socket: await connecting };
  };
  return { transport, sockets, connect };
}

test("a connection that is refused leaves no socket open", async () => {
  const { transport, sockets } = world();
  transport.next = "ENETUNREACH";
  await assert.rejects(connectTcp(sockets, PEER), { code: "ENETUNREACH" });
  await assert.rejects(listenTcp(sockets, { address: "0.0.0.0", port: 1 }), { code: "EADDRINUSE" });
  assert.equal(sockets.open.size, 0);
});

test("connections come until the listener is closed", async () => {
  const { transport, sockets } = world();
  const listener = await listenTcp(sockets, { address: "0.0.0.0", port: 80 }, { backlog: 3 });
  assert.equal(listener.getsockopt("SO_REUSEADDR"), true);
  transport.waiting.push(new FakeConnection(), new FakeConnection());
  let count = 0;
  for await (const socket of connections(listener)) {
    await socket.close();
    if (++count === 2) await listener.close();
  }
  assert.equal(count, 2);
});

test("chunks come until the end, and an error is thrown", async () => {
  const { connect } = world();
  const { connection, socket } = await connect();
  connection.reads = [3, 5, 0];
  const lengths: number[] = [];
  for await (const chunk of chunks(socket)) lengths.push(chunk.length);
  assert.deepEqual(lengths, [3, 5]);
  connection.reads = [1, "ECONNRESET"];
  await assert.rejects(
    async () => {
      for await (const chunk of chunks(socket)) lengths.push(chunk.length);
    },
    { code: "ECONNRESET" },
  );
  assert.deepEqual(lengths, [3, 5, 1]);
});

test("writeAll goes on after a part, and ends with the reason", async () => {
  const { connect } = world();
  const { connection, socket } = await connect();
  connection.writes = [4, "EPIPE"];
  await assert.rejects(writeAll(socket, new Uint8Array(10)), { code: "EPIPE" });
  connection.writes = [4, 6];
  await writeAll(socket, new Uint8Array(10));
  await writeAll(socket, new Uint8Array(0));
});

test("Web Streams end, cancel and abort as the socket does", async () => {
  const { sockets, connect } = world();
  const { connection, socket } = await connect();
  const { readable, writable } = toWebStreams(socket);
  connection.reads = [3, 0];
  const reader = readable.getReader();
  assert.equal((await reader.read()).value?.length, 3);
  assert.equal((await reader.read()).done, true);
  const writer = writable.getWriter();
  connection.writes = [2, 2];
  await writer.write(new Uint8Array(4));
  await writer.close();
  assert.deepEqual(connection.calls, ["shutdownWrite", "close"]);
  assert.equal(sockets.open.size, 0);
  const other = await connect();
  const streams = toWebStreams(other.socket);
  await streams.readable.cancel();
  await streams.writable.abort();
  assert.deepEqual(other.connection.calls, ["shutdownRead", "abort"]);
  assert.equal(sockets.open.size, 0);
});
