import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SocketAddress } from "../../../src/address/endpoint.ts";
import type { Socket } from "../../../src/socket/socket.ts";
import { milliseconds } from "../../../src/time/instant.ts";
import { bytes, closeAll, type Net, pattern, refused, text, whenReady } from "./world.ts";
import { WORLDS } from "./worlds.ts";

async function bound(net: Net): Promise<{ server: Socket; name: SocketAddress; client: Socket }> {
  const server = net.server.socket("inet", "dgram");
  await server.bind({ address: net.at, port: 0 });
  return { server, name: server.getsockname(), client: net.client.socket("inet", "dgram") };
}

/** Datagrams: whole, cut, empty, refused. */
for (const world of WORLDS) {
  describe(`datagrams: ${world.name}`, () => {
    test("a datagram arrives whole, with who sent it, and can be answered", () =>
      world.run(async (net) => {
        const { server, name, client } = await bound(net);
        assert.deepEqual(client.getsockname(), { address: "0.0.0.0", port: 0 });
        assert.equal(await client.sendto(bytes("one"), name), 3);
        assert.notEqual(client.getsockname().port, 0, "sending has chosen a port");
        assert.equal(await client.sendto(bytes("two"), name), 3);
        const first = await server.recvfrom(1024);
        assert.equal(text(first.data), "one");
        assert.equal(first.from.port, client.getsockname().port);
        assert.equal(text(await server.recv(1024)), "two");
        await server.sendto(bytes("answer"), first.from);
        const answer = await client.recvfrom(1024);
        assert.equal(text(answer.data), "answer");
        assert.deepEqual(answer.from, name);
        await closeAll(server, client);
      }));

    test("what is longer than asked is cut, and the rest is gone", () =>
      world.run(async (net) => {
        const { server, name, client } = await bound(net);
        await client.sendto(bytes("abcdef"), name);
        await client.sendto(bytes("next"), name);
        assert.equal(text(await server.recv(3)), "abc");
        assert.equal(text(await server.recv(100)), "next");
        await client.sendto(bytes("unseen"), name);
        assert.equal((await server.recv(0)).length, 0);
        await closeAll(server, client);
      }));

    test("an empty datagram is one, and the largest passes in pieces", () =>
      world.run(async (net) => {
        const { server, name, client } = await bound(net);
        assert.equal(await client.sendto(new Uint8Array(0), name), 0);
        assert.equal((await server.recvfrom(10)).data.length, 0);
        const largest = pattern(0, 65_507);
        assert.equal(await client.sendto(largest, name), 65_507);
        assert.equal(Buffer.compare(await server.recv(65_536), largest), 0);
        await refused(() => client.sendto(new Uint8Array(65_508), name), "EMSGSIZE");
        assert.equal(client.writeTo(new Uint8Array(65_508), name), "EMSGSIZE");
        await closeAll(server, client);
      }));

    test("a connected socket sends to its peer, hears only it, and may change it", () =>
      world.run(async (net) => {
        const { server, name, client } = await bound(net);
        await refused(() => client.send(bytes("x")), "EDESTADDRREQ");
        await refused(() => client.getpeername(), "ENOTCONN");
        await refused(() => client.shutdown("read"), "ENOTCONN");
        await client.connect(name);
        assert.deepEqual(client.getpeername(), name);
        await client.send(bytes("to you"));
        const { data, from } = await server.recvfrom(100);
        assert.equal(text(data), "to you");
        assert.deepEqual(from, client.getsockname());
        await refused(() => client.sendto(bytes("x"), name), "EISCONN");
        const stranger = net.server.socket("inet", "dgram");
        await stranger.bind({ address: net.at, port: 0 });
        await stranger.sendto(bytes("not for you"), from);
        await server.sendto(bytes("for you"), from);
        assert.equal(text(await client.recv(100)), "for you");
        await client.connect(stranger.getsockname());
        await client.send(bytes("changed"));
        assert.equal(text(await stranger.recv(100)), "changed");
        await closeAll(server, client, stranger);
      }));

    test("a connected socket is told that nobody is there", () =>
      world.run(async (net) => {
        const { server, name, client } = await bound(net);
        await server.close();
        await client.connect(name);
        await client.send(bytes("anybody?"));
        await refused(() => client.recv(10), "ECONNREFUSED");
        assert.equal(client.write(bytes("anybody?")), 8);
        await whenReady(client, () => client.poll().error);
        assert.equal(client.takeError(), "ECONNREFUSED");
        await client.close();
      }));

    test("a port is taken once, and a socket bound once", () =>
      world.run(async (net) => {
        const { server, name, client } = await bound(net);
        const other = net.server.socket("inet", "dgram");
        await refused(() => other.bind(name), "EADDRINUSE");
        await refused(() => server.bind({ address: net.at, port: 0 }), "EINVAL");
        await refused(() => client.bind({ address: "192.0.2.1", port: 0 }), "EADDRNOTAVAIL");
        await refused(() => client.bind({ address: "no address", port: 0 }), "EINVAL");
        await server.close();
        await other.bind(name);
        await closeAll(client, other);
      }));

    test("streams' calls, bad destinations and broadcasts without leave are refused", () =>
      world.run(async (net) => {
        const { server, name, client } = await bound(net);
        await refused(() => client.listen(), "ENOTSUP");
        await refused(() => client.accept(), "ENOTSUP");
        await refused(() => client.sendto(bytes("x"), { address: net.at, port: 0 }), "EINVAL");
        await refused(() => client.sendto(bytes("x"), { address: "nobody", port: 9 }), "EINVAL");
        await refused(() => client.connect({ address: net.at, port: 0 }), "EINVAL");
        const all = { address: net.broadcast, port: name.port };
        await refused(() => client.sendto(bytes("x"), all), "EACCES");
        client.setsockopt("SO_BROADCAST", true);
        assert.equal(await client.sendto(bytes("x"), all), 1);
        await closeAll(server, client);
      }));

    test("a broadcast reaches who is bound to every address", () =>
      world.run(async (net) => {
        const server = net.server.socket("inet", "dgram");
        await server.bind({ address: "0.0.0.0", port: 0 });
        const client = net.client.socket("inet", "dgram");
        client.setsockopt("SO_BROADCAST", true);
        await client.sendto(bytes("all"), { address: net.broadcast, port: server.getsockname().port });
        assert.equal(text(await server.recv(10, { timeout: milliseconds(5000) })), "all");
        await closeAll(server, client);
      }));

    test("the non-blocking half never waits", () =>
      world.run(async (net) => {
        const { server, name, client } = await bound(net);
        const into = new Uint8Array(4);
        assert.equal(server.read(into), "EAGAIN");
        assert.equal(server.readFrom(into), "EAGAIN");
        assert.deepEqual(server.poll(), {
          readable: false,
          writable: true,
          hangup: false,
          error: false,
          urgent: false,
        });
        assert.equal(client.writeTo(bytes("abcdef"), name), 6);
        await whenReady(server, () => server.poll().readable);
        const received = server.readFrom(into);
        assert.ok(typeof received === "object");
        assert.equal(received.length, 4);
        assert.equal(text(into), "abcd");
        assert.equal(received.from.port, client.getsockname().port);
        assert.equal(server.read(into), "EAGAIN");
        await closeAll(server, client);
        assert.equal(server.read(into), "EBADF");
        assert.equal(client.writeTo(into, name), "EBADF");
      }));

    test("calls that wait end by close, timeout and signal", () =>
      world.run(async (net) => {
        const { server, client } = await bound(net);
        await refused(() => server.recv(10, { timeout: milliseconds(10) }), "EAGAIN");
        const controller = new AbortController();
        const aborted = assert.rejects(server.recvfrom(10, { signal: controller.signal }), /enough/);
        controller.abort(new Error("enough"));
        await aborted;
        const closed = [refused(() => server.recv(10), "EBADF"), refused(() => server.recvfrom(10), "EBADF")];
        await closeAll(server, client);
        await Promise.all(closed);
        await refused(() => server.recv(10), "EBADF");
      }));

    test("a shutdown ends one direction", () =>
      world.run(async (net) => {
        const { server, name, client } = await bound(net);
        await client.connect(name);
        const waiting = client.recv(10);
        await client.shutdown("read");
        assert.equal((await waiting).length, 0);
        await client.send(bytes("still"));
        await client.shutdown("write");
        await refused(() => client.send(bytes("no more")), "EPIPE");
        assert.equal(client.poll().hangup, true);
        assert.equal(text(await server.recv(10)), "still");
        await closeAll(server, client);
      }));
  });
}
