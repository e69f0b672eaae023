import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Socket, SocketOptions } from "../../../src/socket/socket.ts";
import { milliseconds } from "../../../src/time/instant.ts";
import { bytes, closeAll, connected, refused, text } from "./world.ts";
import { WORLDS } from "./worlds.ts";

/** Sets an option and finds it set, unless the maker refuses it as a whole. */
function roundTrip<Name extends keyof SocketOptions>(socket: Socket, name: Name, value: SocketOptions[Name]): boolean {
  try {
    socket.setsockopt(name, value);
  } catch (error) {
    assert.equal((error as { code?: string }).code, "ENOPROTOOPT");
    return false;
  }
  assert.equal(socket.getsockopt(name), value, name);
  return true;
}

/** Options: set and found, or refused by name; never ignored. */
for (const world of WORLDS) {
  describe(`options: ${world.name}`, () => {
    test("a stream's options are set and found, before and after it is connected", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const fresh = net.client.socket("inet", "stream");
        for (const socket of [fresh, client, listener]) {
          const kept = {
            SO_KEEPALIVE: roundTrip(socket, "SO_KEEPALIVE", true),
            SO_RCVTIMEO: roundTrip(socket, "SO_RCVTIMEO", milliseconds(1500)),
            SO_SNDTIMEO: roundTrip(socket, "SO_SNDTIMEO", milliseconds(1500)),
            SO_LINGER: roundTrip(socket, "SO_LINGER", 0) && roundTrip(socket, "SO_LINGER", undefined),
            TCP_NODELAY: roundTrip(socket, "TCP_NODELAY", true),
            TCP_KEEPIDLE: roundTrip(socket, "TCP_KEEPIDLE", 60),
            TCP_KEEPINTVL: roundTrip(socket, "TCP_KEEPINTVL", 7),
            TCP_KEEPCNT: roundTrip(socket, "TCP_KEEPCNT", 3),
            IP_TOS: roundTrip(socket, "IP_TOS", 0x10),
          };
          assert.deepEqual(
            Object.entries(kept).filter(([, is]) => !is),
            [],
          );
          for (const [name, value] of [
            ["SO_RCVBUF", 100_000],
            ["SO_SNDBUF", 100_000],
            ["SO_LINGER", 3],
            ["TCP_MAXSEG", 1000],
            ["TCP_USER_TIMEOUT", 5000],
            ["IP_TTL", 12],
            ["TCP_CORK", true],
            ["TCP_CORK", false],
            ["TCP_QUICKACK", true],
            ["TCP_NOTSENT_LOWAT", 100_000],
            ["TCP_CONGESTION", "newreno"],
            ["SO_OOBINLINE", true],
          ] as const) {
            assert.equal(roundTrip(socket, name, value), world.virtual, name);
          }
          socket.setsockopt("SO_LINGER", undefined);
        }
        await client.send(bytes("works"));
        assert.equal(text(await server.recv(10)), "works");
        await closeAll(client, server, listener, fresh);
      }));

    test("TCP_INFO tells how a connection is doing, and cannot be set", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        await client.send(bytes("five!"));
        await server.recv(10);
        if (world.virtual) {
          const { state, bytesReceived, rcvWscale, congestionControl } = server.getsockopt("TCP_INFO");
          assert.deepEqual([state, bytesReceived, rcvWscale, congestionControl], ["ESTABLISHED", 5, 7, "cubic"]);
          assert.throws(() => listener.getsockopt("TCP_INFO"), { code: "ENOTCONN" });
        } else {
          assert.throws(() => server.getsockopt("TCP_INFO"), { code: "ENOPROTOOPT" });
        }
        assert.throws(() => client.setsockopt("TCP_INFO", undefined as never), { code: "ENOPROTOOPT" });
        await closeAll(client, server, listener);
      }));

    test("urgent data is read by itself, past who waits for other data, or refused", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        if (world.virtual) {
          const first = client.recv(10);
          await server.send(bytes("a!"), { outOfBand: true });
          assert.equal(text(await first), "a");
          assert.ok(client.atMark() && client.poll().urgent && !client.poll().readable);
          assert.equal(text(await client.recv(10, { outOfBand: true })), "!");
          assert.ok(!client.poll().urgent);
          const late = client.recv(10);
          await server.send(bytes("?"), { outOfBand: true, more: true });
          await refused(() => server.recv(1, { timeout: milliseconds(300) }), "EAGAIN");
          assert.equal(client.read(new Uint8Array(1), { outOfBand: true }), 1, "recv goes on waiting");
          await server.send(bytes("b"));
          assert.equal(text(await late), "b");
        } else {
          await refused(() => client.send(bytes("!"), { outOfBand: true }), "ENOTSUP");
          await refused(() => client.recv(1, { outOfBand: true }), "ENOTSUP");
          assert.equal(client.write(bytes("!"), { outOfBand: true }), "ENOTSUP");
          assert.deepEqual([client.atMark(), client.poll().urgent], [false, false]);
        }
        const datagrams = net.client.socket("inet", "dgram");
        assert.equal(datagrams.read(new Uint8Array(1), { outOfBand: true }), "ENOTSUP");
        await closeAll(client, server, listener, datagrams);
      }));

    test("a datagram socket's options are set and found", () =>
      world.run(async (net) => {
        const socket = net.client.socket("inet", "dgram");
        for (const _ of ["unbound", "bound"]) {
          assert.ok(roundTrip(socket, "SO_BROADCAST", true));
          assert.ok(roundTrip(socket, "SO_RCVBUF", 50_000));
          assert.ok(roundTrip(socket, "SO_RCVTIMEO", milliseconds(10)));
          assert.ok(roundTrip(socket, "IP_TTL", 9));
          assert.equal(roundTrip(socket, "IP_TOS", 0x10), world.virtual);
          if (socket.getsockname().port === 0) {
            assert.ok(roundTrip(socket, "SO_REUSEADDR", true));
            await socket.bind({ address: "0.0.0.0", port: 0 });
          }
        }
        await socket.close();
      }));

    test("options of the other kind, unknown names and bad values are refused", () =>
      world.run(async (net) => {
        const stream = net.client.socket("inet", "stream");
        const dgram = net.client.socket("inet", "dgram");
        await refused(() => stream.setsockopt("SO_BROADCAST", true), "ENOPROTOOPT");
        await refused(() => dgram.setsockopt("TCP_NODELAY", true), "ENOPROTOOPT");
        await refused(() => dgram.getsockopt("SO_LINGER"), "ENOPROTOOPT");
        await refused(() => stream.setsockopt("SO_NONSENSE" as "SO_KEEPALIVE", true), "ENOPROTOOPT");
        await refused(() => stream.getsockopt("toString" as "SO_KEEPALIVE"), "ENOPROTOOPT");
        await refused(() => stream.setsockopt("TCP_NODELAY", 1 as never), "EINVAL");
        await refused(() => stream.setsockopt("TCP_KEEPIDLE", 0), "EINVAL");
        await refused(() => stream.setsockopt("SO_LINGER", -1), "EINVAL");
        await refused(() => stream.setsockopt("SO_RCVTIMEO", -1 as never), "EINVAL");
        await refused(() => dgram.setsockopt("IP_TTL", 0), "EINVAL");
        await refused(() => dgram.setsockopt("IP_TTL", 256), "EINVAL");
        await refused(() => dgram.setsockopt("SO_RCVBUF", 0.5), "EINVAL");
        await closeAll(stream, dgram);
      }));

    test("an accepted socket has its listener's options", () =>
      world.run(async (net) => {
        const listener = net.server.socket("inet", "stream");
        listener.setsockopt("TCP_NODELAY", true);
        await listener.bind({ address: net.at, port: 0 });
        await listener.listen();
        listener.setsockopt("TCP_KEEPIDLE", 60);
        const client = net.client.socket("inet", "stream");
        const [server] = await Promise.all([listener.accept(), client.connect(listener.getsockname())]);
        assert.equal(server.getsockopt("TCP_NODELAY"), true);
        assert.equal(server.getsockopt("TCP_KEEPIDLE"), 60);
        assert.equal(client.getsockopt("TCP_NODELAY"), false);
        await closeAll(client, server, listener);
      }));
  });
}
