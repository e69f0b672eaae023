import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { milliseconds } from "../../../src/time/instant.ts";
import { TLS_WORLDS } from "./tls-worlds.ts";
import { bytes, closeAll, connected, listening, pattern, readAll, refused, text, whenReady } from "./world.ts";
import { WORLDS } from "./worlds.ts";

const MEBIBYTE = 1024 * 1024;

/** Connections: how they begin, carry bytes and end. */
for (const world of [...WORLDS, ...TLS_WORLDS]) {
  describe(`streams: ${world.name}`, () => {
    test("a connection has names at both ends, and carries bytes both ways", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        assert.deepEqual(client.getpeername(), listener.getsockname());
        assert.deepEqual(server.getsockname(), listener.getsockname());
        assert.deepEqual(server.getpeername(), client.getsockname());
        assert.notEqual(client.getsockname().port, 0, "connect has chosen a port");
        assert.equal(await client.send(bytes("hello")), 5);
        assert.equal(text(await server.recv(1024)), "hello");
        assert.equal(await server.send(bytes("and back")), 8);
        const { data, from } = await client.recvfrom(1024);
        assert.equal(text(data), "and back");
        assert.deepEqual(from, listener.getsockname());
        await closeAll(client, server, listener);
      }));

    test("recv gives at most what was asked, and the rest to the next", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        await client.send(bytes("abcdef"));
        assert.equal(text(await server.recv(2)), "ab");
        assert.equal((await server.recv(0)).length, 0, "nothing was asked, and nothing is the answer");
        assert.equal(text(await server.recv(100)), "cdef");
        assert.equal(await client.send(new Uint8Array(0)), 0);
        await closeAll(client, server, listener);
      }));

    test("half a close ends one direction and leaves the other", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        await client.send(bytes("question"));
        await client.shutdown("write");
        await refused(() => client.send(bytes("more")), "EPIPE");
        assert.equal(client.write(bytes("more")), "EPIPE");
        assert.equal(text(await readAll(server)), "question");
        assert.equal((await server.recv(10)).length, 0, "the end stays the end");
        await server.send(bytes("answer"));
        await server.close();
        assert.equal(text(await readAll(client)), "answer");
        assert.equal(client.poll().hangup, true);
        await closeAll(client, listener);
      }));

    test("shutting the reading down gives the end at once", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const waiting = client.recv(10);
        await client.shutdown("read");
        assert.equal((await waiting).length, 0);
        assert.equal((await client.recv(10)).length, 0);
        await client.send(bytes("still heard"));
        assert.equal(text(await server.recv(100)), "still heard");
        await closeAll(client, server, listener);
      }));

    test("calls that wait are served in the order they came", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const all = Promise.all([server.recv(1), server.recv(1), server.recv(1)]);
        await client.send(bytes("xyz"));
        assert.deepEqual((await all).map(text), ["x", "y", "z"]);
        await closeAll(client, server, listener);
      }));

    test("eight mebibytes pass each way at once and intact, past readers slower than writers", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const total = 8 * MEBIBYTE;
        const receive = async (socket: typeof client, salt: number): Promise<void> => {
          let count = 0;
          for (;;) {
            const chunk = await socket.recv(50_000);
            if (chunk.length === 0) break;
            assert.equal(Buffer.compare(chunk, pattern(count, chunk.length, salt)), 0, `at ${count}`);
            count += chunk.length;
            if (count % 7 === 0) await net.clock.sleep(milliseconds(1));
          }
          assert.equal(count, total);
        };
        const send = async (socket: typeof client, salt: number): Promise<void> => {
          assert.equal(await socket.send(pattern(0, total, salt)), total);
          await socket.shutdown("write");
        };
        await Promise.all([receive(client, 3), receive(server, 0), send(client, 0), send(server, 3)]);
        await closeAll(client, server, listener);
      }));

    test("sends that wait do not mix their bytes", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const pieces = [0, 1, 2, 3].map((i) => new Uint8Array(3 * MEBIBYTE).fill(i));
        const sent = Promise.all(pieces.map((piece) => client.send(piece))).then(() => client.shutdown("write"));
        const all = await readAll(server);
        await sent;
        assert.equal(Buffer.compare(all, Buffer.concat(pieces)), 0);
        await closeAll(client, server, listener);
      }));

    test("a reader that does not read stops the writer, and frees it when it reads", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const piece = pattern(0, 100_000);
        let written = 0;
        let stopped = 0;
        for (;;) {
          const count = client.write(piece);
          if (typeof count === "number") {
            written += count;
            continue;
          }
          assert.equal(count, "EAGAIN");
          stopped++;
          if (stopped > 20) break;
          await net.clock.sleep(milliseconds(20));
        }
        assert.ok(written < 100 * MEBIBYTE, `${written} bytes are in flight`);
        let read = 0;
        const into = new Uint8Array(65_536);
        while (read < written) {
          await whenReady(server, () => server.poll().readable);
          const count = server.read(into);
          if (typeof count === "number") read += count;
        }
        assert.equal(read, written);
        await whenReady(client, () => client.poll().writable);
        assert.equal(typeof client.write(piece), "number");
        await closeAll(client, server, listener);
      }));

    test("a hundred connections at once each get their own answer", () =>
      world.run(async (net) => {
        const { listener, name } = await listening(net);
        const serve = async (): Promise<void> => {
          const server = await listener.accept();
          const data = await server.recv(100);
          await server.send(bytes(`echo ${text(data)}`));
          await server.close();
        };
        const ask = async (i: number): Promise<void> => {
          const client = net.client.socket("inet", "stream");
          await client.connect(name);
          await client.send(bytes(`number ${i}`));
          assert.equal(text(await readAll(client)), `echo number ${i}`);
          await client.close();
        };
        const all = Array.from({ length: 100 }, (_, i) => i);
        await Promise.all([...all.map(serve), ...all.map(ask)]);
        await listener.close();
      }));

    test("what was sent before a close arrives", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        const data = pattern(0, 300_000);
        const reading = readAll(server);
        await client.send(data);
        await client.close();
        assert.equal(Buffer.compare(await reading, data), 0);
        await closeAll(server, listener);
      }));

    test("an end that has come before the last byte was read is not lost, for either half", () =>
      world.run(async (net) => {
        for (const half of ["promises", "non-blocking"]) {
          const { client, server, listener } = await connected(net);
          await server.send(bytes("hello"));
          await server.close();
          await net.clock.sleep(milliseconds(20));
          if (half === "promises") {
            assert.equal((await client.recv(5)).length, 5);
            assert.equal((await client.recv(5)).length, 0);
          } else {
            const into = new Uint8Array(5);
            assert.equal(client.read(into), 5);
            await whenReady(client, () => client.poll().readable);
            assert.equal(client.read(into), 0);
          }
          await closeAll(client, listener);
        }
      }));

    test("a close over unread data resets the peer", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        await client.send(bytes("never read"));
        await whenReady(server, () => server.poll().readable);
        await server.close();
        await refused(() => client.recv(10), "ECONNRESET");
        await closeAll(client, listener);
      }));

    test("the non-blocking half never waits", () =>
      world.run(async (net) => {
        const { listener, name } = await listening(net);
        assert.equal(listener.acceptNow(), "EAGAIN");
        assert.equal(listener.poll().readable, false);
        const client = net.client.socket("inet", "stream");
        await refused(() => client.connect(name, { timeout: milliseconds(0) }), "EINPROGRESS");
        await refused(() => client.connect(name), "EALREADY");
        await whenReady(client, () => client.poll().writable);
        assert.equal(client.takeError(), undefined);
        await whenReady(listener, () => listener.poll().readable);
        const server = listener.acceptNow();
        assert.ok(typeof server === "object");
        const into = new Uint8Array(10);
        assert.equal(client.read(into), "EAGAIN");
        assert.equal(client.poll().readable, false);
        assert.equal(server.write(bytes("abc")), 3);
        await whenReady(client, () => client.poll().readable);
        assert.equal(client.read(into), 3);
        assert.equal(client.read(into), "EAGAIN");
        await server.close();
        await whenReady(client, () => client.poll().readable);
        assert.equal(client.read(into), 0);
        await closeAll(client, listener);
      }));

    test("both halves go side by side", () =>
      world.run(async (net) => {
        const { client, server, listener } = await connected(net);
        let edges = 0;
        server.onReady = () => edges++;
        const waiting = server.recv(3);
        assert.equal(client.write(bytes("abcdef")), 6);
        assert.equal(text(await waiting), "abc");
        const into = new Uint8Array(10);
        assert.equal(server.read(into), 3);
        assert.ok(edges > 0);
        await closeAll(client, server, listener);
      }));
  });
}
