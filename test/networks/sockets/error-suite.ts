import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Socket } from "../../../src/socket/socket.ts";
import { milliseconds } from "../../../src/time/instant.ts";
import { bytes, closeAll, connected, listening, type Net, refused, text, whenReady } from "./world.ts";
import { WORLDS } from "./worlds.ts";

/** A port of the server that nobody listens on. */
async function freePort(net: Net): Promise<number> {
  const { listener, name } = await listening(net);
  await listener.close();
  return name.port;
}

/** What is refused, and with which errno. */
for (const world of WORLDS) {
  describe(`errors of streams: ${world.name}`, () => {
    test("a socket is made only of what there is", () =>
      world.run(async (net) => {
        await refused(() => net.client.socket("inet6", "stream"), "EAFNOSUPPORT");
        await refused(() => net.client.socket("inet", "raw"), "EPROTONOSUPPORT");
        await refused(() => net.client.socket("inet", "stream", 17), "EPROTONOSUPPORT");
        await closeAll(net.client.socket("inet", "stream", 6), net.client.socket("inet", "dgram", 17));
      }));

    test("nobody listens: ECONNREFUSED, and the socket may try again", () =>
      world.run(async (net) => {
        const client = net.client.socket("inet", "stream");
        const nowhere = { address: net.at, port: await freePort(net) };
        await refused(() => client.connect(nowhere), "ECONNREFUSED");
        await refused(() => client.connect(nowhere), "ECONNREFUSED");
        assert.equal(client.takeError(), undefined, "the call has told it");
        const { listener, name } = await listening(net);
        await client.connect(name);
        await closeAll(client, listener);
      }));

    test("the end of an attempt that nobody waits for is kept in SO_ERROR", () =>
      world.run(async (net) => {
        const client = net.client.socket("inet", "stream");
        const nowhere = { address: net.at, port: await freePort(net) };
        await refused(() => client.connect(nowhere, { timeout: milliseconds(0) }), "EINPROGRESS");
        await whenReady(client, () => client.poll().error);
        assert.equal(client.takeError(), "ECONNREFUSED");
        assert.equal(client.poll().error, false);
        await client.close();
      }));

    test("a port is taken once", () =>
      world.run(async (net) => {
        const { listener, name } = await listening(net);
        const other = net.server.socket("inet", "stream");
        await refused(async () => {
          await other.bind(name);
          await other.listen();
        }, "EADDRINUSE");
        await closeAll(listener, other);
        const again = net.server.socket("inet", "stream");
        await again.bind(name);
        await again.listen();
        await again.close();
      }));

    test("a bound socket has its name, and is not bound twice", () =>
      world.run(async (net) => {
        const socket = net.server.socket("inet", "stream");
        assert.deepEqual(socket.getsockname(), { address: "0.0.0.0", port: 0 });
        await socket.bind({ address: net.at, port: 0 });
        const name = socket.getsockname();
        assert.equal(name.address, net.at);
        assert.notEqual(name.port, 0);
        await refused(() => socket.bind({ address: net.at, port: 0 }), "EINVAL");
        assert.deepEqual(socket.getsockname(), name);
        await socket.listen(5);
        assert.deepEqual(socket.getsockname(), name);
        await socket.close();
      }));

    test("a client may choose its own port", () =>
      world.run(async (net) => {
        const { listener, name } = await listening(net);
        const client = net.client.socket("inet", "stream");
        await client.bind({ address: "0.0.0.0", port: 0 });
        const { port } = client.getsockname();
        await client.connect(name);
        assert.equal(client.getsockname().port, port);
        const server = await listener.accept();
        assert.equal(server.getpeername().port, port);
        await closeAll(client, server, listener);
      }));

    test("addresses that are not ours, or are none, are refused", () =>
      world.run(async (net) => {
        const socket = net.client.socket("inet", "stream");
        await refused(() => socket.bind({ address: "192.0.2.1", port: 0 }), "EADDRNOTAVAIL");
        for (const address of ["", "localhost", "1.2.3", "256.1.1.1", "::1", "1.2.3.4 "]) {
          await refused(() => socket.bind({ address, port: 0 }), "EINVAL");
          await refused(() => socket.connect({ address, port: 80 }), "EINVAL");
        }
        for (const port of [-1, 65_536, 1.5, Number.NaN]) {
          await refused(() => socket.bind({ address: "127.0.0.1", port }), "EINVAL");
          await refused(() => socket.connect({ address: "127.0.0.1", port }), "EINVAL");
        }
        await socket.close();
      }));

    test("calls that need a connection say so", () =>
      world.run(async (net) => {
        const { listener } = await listening(net);
        const socket = net.client.socket("inet", "stream");
        for (const each of [socket, listener]) {
          await refused(() => each.send(bytes("x")), "ENOTCONN");
          await refused(() => each.recv(1), "ENOTCONN");
          await refused(() => each.shutdown("write"), "ENOTCONN");
          await refused(() => each.getpeername(), "ENOTCONN");
          await refused(() => each.sendto(bytes("x"), { address: net.at, port: 9 }), "ENOTCONN");
          assert.equal(each.read(new Uint8Array(1)), "ENOTCONN");
          assert.equal(each.write(bytes("x")), "ENOTCONN");
        }
        await refused(() => socket.accept(), "EINVAL");
        assert.equal(socket.acceptNow(), "EINVAL");
        await closeAll(socket, listener);
      }));

    test("a connected socket connects, binds and listens no more", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        await refused(() => client.connect(listener.getsockname()), "EISCONN");
        await refused(() => listener.connect(listener.getsockname()), "EISCONN");
        await refused(() => client.bind({ address: "0.0.0.0", port: 0 }), "EINVAL");
        await refused(() => client.listen(), "EINVAL");
        await refused(() => client.sendto(bytes("x"), listener.getsockname()), "EISCONN");
        await refused(() => client.recv(-1), "EINVAL");
        await closeAll(client, server, listener);
      }));

    test("a linger of 0 resets the peer: ECONNRESET, then EPIPE", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const waiting = refused(() => client.recv(10), "ECONNRESET");
        server.setsockopt("SO_LINGER", 0);
        await server.close();
        await waiting;
        assert.equal((await client.recv(10)).length, 0, "told once, it is the end");
        await refused(() => client.send(bytes("x")), "EPIPE");
        assert.equal(client.poll().hangup, true);
        await closeAll(client, listener);
      }));

    test("what has arrived before a reset is read first", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        await server.send(bytes("before"));
        await whenReady(client, () => client.poll().readable);
        server.setsockopt("SO_LINGER", 0);
        await server.close();
        await whenReady(client, () => client.poll().error);
        assert.equal(text(await client.recv(10)), "before");
        await refused(() => client.recv(10), "ECONNRESET");
        await closeAll(client, listener);
      }));

    test("sending to a peer that has closed ends in EPIPE or ECONNRESET", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        await server.close();
        assert.equal((await client.recv(10)).length, 0);
        await refused(
          async () => {
            for (let turn = 0; turn < 100; turn++) {
              await client.send(bytes("into the void"));
              await net.clock.sleep(milliseconds(5));
            }
          },
          "EPIPE",
          "ECONNRESET",
        );
        await closeAll(client, listener);
      }));

    test("a close ends the calls that wait, and refuses those that come", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const waiting = [
          refused(() => client.recv(10), "EBADF"),
          refused(() => client.recvfrom(10), "EBADF"),
          refused(() => listener.accept(), "EBADF"),
          refused(() => client.send(new Uint8Array(64 * 1024 * 1024)), "EBADF"),
        ];
        await net.clock.sleep(milliseconds(10));
        await closeAll(client, listener);
        await Promise.all(waiting);
        await client.close();
        for (const call of [
          () => client.recv(10),
          () => client.send(bytes("x")),
          () => client.shutdown("both"),
          () => client.bind({ address: "0.0.0.0", port: 0 }),
          () => client.listen(),
          () => client.connect({ address: net.at, port: 9 }),
          () => listener.accept(),
          () => client.getsockname(),
          () => client.getpeername(),
          () => client.setsockopt("TCP_NODELAY", true),
          () => client.getsockopt("TCP_NODELAY"),
        ]) {
          await refused(call, "EBADF");
        }
        assert.equal(client.read(new Uint8Array(1)), "EBADF");
        assert.equal(client.write(bytes("x")), "EBADF");
        assert.equal(listener.acceptNow(), "EBADF");
        await server.close();
      }));
  });

  describe(`waiting: ${world.name}`, () => {
    test("a timeout ends a call with EAGAIN, and the socket goes on", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const before = net.clock.now();
        await refused(() => client.recv(10, { timeout: milliseconds(20) }), "EAGAIN");
        assert.ok(net.clock.now() - before >= milliseconds(19));
        await refused(() => listener.accept({ timeout: milliseconds(5) }), "EAGAIN");
        await refused(() => client.recv(10, { timeout: milliseconds(0) }), "EAGAIN");
        client.setsockopt("SO_RCVTIMEO", milliseconds(5));
        await refused(() => client.recv(10), "EAGAIN");
        await server.send(bytes("late"));
        assert.equal(text(await client.recv(10, { timeout: milliseconds(5000) })), "late");
        await closeAll(client, server, listener);
      }));

    test("a send that is ended when part was taken says how much that was", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const size = 64 * 1024 * 1024;
        const sent = await client.send(new Uint8Array(size), { timeout: milliseconds(300) });
        assert.ok(sent > 0 && sent < size, `${sent} bytes`);
        client.setsockopt("SO_SNDTIMEO", milliseconds(5));
        const full = async (): Promise<never> => {
          for (;;) await client.send(new Uint8Array(size)); // what room was left is taken first
        };
        await refused(full, "EAGAIN");
        await closeAll(client, server, listener);
      }));

    test("an abort signal ends a call with its reason", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const controller = new AbortController();
        const reason = new Error("enough");
        const same = (error: unknown): boolean => error === reason;
        const calls = [
          assert.rejects(client.recv(10, { signal: controller.signal }), same),
          assert.rejects(listener.accept({ signal: controller.signal }), same),
        ];
        controller.abort(reason);
        await Promise.all(calls);
        await assert.rejects(client.recv(10, { signal: controller.signal }), same, "aborted before it began");
        const idle: Socket = net.client.socket("inet", "stream");
        await assert.rejects(idle.connect(listener.getsockname(), { signal: controller.signal }), same);
        await refused(() => idle.getpeername(), "ENOTCONN");
        await server.send(bytes("goes on"));
        assert.equal(text(await client.recv(10)), "goes on");
        await closeAll(client, server, listener, idle);
      }));
  });
}
