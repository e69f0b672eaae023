/** TLS on virtual hosts, by programs that know nothing of what ciphers for them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ProgramContext } from "../../src/application/program.ts";
import { type Simulation, simulate } from "../../src/platform/node/testing.ts";
import { type Socket, SocketError } from "../../src/socket/socket.ts";
import { connectTcp, listenTcp, writeAll } from "../../src/socket/tcp.ts";
import {
  type Tls,
  type TlsClientOptions,
  TlsError,
  type TlsServerOptions,
  type TlsSocket,
} from "../../src/socket/tls.ts";
import { seconds } from "../../src/time/instant.ts";
import { bytes, pattern, readAll, text } from "./sockets/world.ts";

const AT = { address: "10.0.0.2", port: 443 };

interface Talk {
  readonly client?: Partial<TlsClientOptions>;
  readonly server?: Partial<TlsServerOptions>;
  /** What each end does once the handshake is over; the socket is closed afterwards. */
  readonly asClient?: (socket: TlsSocket, inner: Socket, context: ProgramContext) => Promise<void>;
  readonly asServer?: (socket: TlsSocket, inner: Socket, context: ProgramContext) => Promise<void>;
  readonly loss?: number;
}

/** What became of each end: nothing, or what it failed with. */
interface Outcome {
  client?: unknown;
  server?: unknown;
  virtual: number;
}

const tlsOf = ({ tls }: ProgramContext): Tls => {
  assert.ok(tls, "a virtual host on Node has TLS");
  return tls;
};

/** One connection between two hosts, in virtual time. */
async function talk({ client = {}, server = {}, asClient, asServer, loss = 0 }: Talk): Promise<Outcome> {
  const outcome: Outcome = { virtual: 0 };
  const network: Parameters<typeof simulate>[0]["network"] = (net) => {
    net.host("client", { address: "10.0.0.1/24" });
    net.host("server", { address: "10.0.0.2/24" });
    net.cable("client", "server", { delay: "1ms", rate: "100Mbit/s", loss });
  };
  const closing = async (socket: TlsSocket, work: () => Promise<void> | undefined) => {
    try {
      await work();
    } finally {
      await socket.close();
    }
  };
  const serve = async (context: ProgramContext) => {
    const identity = await tlsOf(context).certify?.(["server.test", "10.0.0.2"]);
    assert.ok(identity);
    const listener = await listenTcp(context.sockets, AT);
    const inner = await listener.accept();
    const socket = await tlsOf(context).wrap(inner, { role: "server", identity, ...server });
    await closing(socket, () => asServer?.(socket, inner, context));
    await listener.close();
  };
  const ask = async (context: ProgramContext) => {
    await context.clock.sleep(seconds(1));
    const inner = await connectTcp(context.sockets, AT);
    const socket = await tlsOf(context).wrap(inner, { role: "client", serverName: "server.test", ...client });
    await closing(socket, () => asClient?.(socket, inner, context));
  };
  await simulate({ network }, async ({ host, network: { scheduler } }: Simulation) => {
    const runs = { server: host("server").run(serve), client: host("client").run(ask) };
    await Promise.all([runs.server.ended, runs.client.ended]);
    if (runs.client.state === "failed") outcome.client = runs.client.error;
    if (runs.server.state === "failed") outcome.server = runs.server.error;
    outcome.virtual = scheduler.now;
  });
  return outcome;
}

const echo = async (socket: TlsSocket): Promise<void> => {
  await writeAll(socket, await readAll(socket));
  await socket.shutdown("write");
};

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

describe("TLS on virtual hosts", () => {
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    test(`${version}: what one end writes the other reads, each half is closed by itself, and all is known of the handshake`, async () => {
      const data = pattern(0, 300_000);
      const outcome = await talk({
        client: { minimum: version, maximum: version, alpn: ["h9", "http/1.1"] },
        server: { alpn: ["http/1.1"] },
        loss: 0.02,
        asClient: async (socket) => {
          const { peer, ...facts } = socket.tls;
          const cipher = version === "TLSv1.3" ? "TLS_AES_256_GCM_SHA384" : "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
          const expected = { version, cipher, protocol: "http/1.1", serverName: "server.test", resumed: false };
          assert.deepEqual(facts, { ...expected, unverified: undefined });
          assert.deepEqual(peer?.names, ["DNS:server.test", "IP Address:10.0.0.2"]);
          assert.equal(peer?.issuer, "CN=Netarium virtual hosts");
          await writeAll(socket, data);
          await socket.shutdown("write");
          assert.deepEqual(Buffer.from(await readAll(socket)), Buffer.from(data));
        },
        asServer: async (socket) => {
          assert.equal(socket.tls.serverName, "server.test");
          assert.equal(socket.tls.peer, undefined);
          await echo(socket);
        },
      });
      assert.deepEqual([outcome.client, outcome.server], [undefined, undefined]);
    });
  }

  test("an address is no server name, and is checked all the same", async () => {
    const outcome = await talk({
      client: { serverName: "10.0.0.2" },
      asServer: async (socket) => assert.equal(socket.tls.serverName, undefined),
    });
    assert.deepEqual([outcome.client, outcome.server], [undefined, undefined]);
    const other = await talk({ client: { serverName: "10.0.0.9" } });
    assert.equal(
      String(other.client),
      "TlsError: the certificate is for DNS:server.test, IP Address:10.0.0.2, not for 10.0.0.9",
    );
  });

  test("an end without close_notify is a reset, after all that came before it", async () => {
    const outcome = await talk({
      asServer: async (socket, inner) => {
        await writeAll(socket, bytes("half a sent"));
        await socket.recv(1);
        await inner.shutdown("write");
        await socket.recv(1).catch(() => {});
      },
      asClient: async (socket) => {
        assert.equal(text(await socket.recv(100)), "half a sent");
        await socket.send(bytes("!"));
        await socket.recv(100);
      },
    });
    assert.ok(outcome.client instanceof SocketError);
    assert.equal(outcome.client.code, "ECONNRESET");
  });

  test("what is no TLS is told as such, on either side", async () => {
    const outcome = await talk({
      asServer: async (socket, inner) => {
        assert.equal(typeof inner.write(bytes("plain text, and long enough to be looked at as a record")), "number");
        await socket.recv(1).catch(() => {});
      },
      asClient: async (socket) => {
        await assert.rejects(socket.recv(100), { code: "EPROTO" });
        assert.match(socket.failure?.message ?? "", /^TLS with the server failed: what it sends is no TLS$/);
        assert.deepEqual(socket.poll(), { readable: true, writable: true, hangup: true, error: false, urgent: false });
      },
    });
    assert.equal(outcome.client, undefined);
  });

  test("a writer waits while the peer does not read, and a reader while there is nothing", async () => {
    const outcome = await talk({
      asClient: async (socket) => {
        let written = 0;
        for (;;) {
          const count = socket.write(pattern(written, 20_000));
          if (count === "EAGAIN") {
            try {
              await socket.send(new Uint8Array(1), { timeout: seconds(3) });
            } catch (error) {
              assert.equal(codeOf(error), "EAGAIN");
              break;
            }
            written++;
            continue;
          }
          assert.ok(typeof count === "number");
          written += count;
        }
        assert.equal(socket.poll().writable, false);
        assert.ok(written > 100_000 && written < 20e6, `${written}`);
        await assert.rejects(socket.recv(1, { timeout: seconds(1) }), { code: "EAGAIN" });
        assert.equal(socket.read(new Uint8Array(9)), "EAGAIN");
      },
      asServer: async (_socket, _inner, context) => context.clock.sleep(seconds(60)),
    });
    assert.equal(outcome.client, undefined);
  });

  test("options are those of the socket beneath, and a call that waits ends with the socket", async () => {
    const outcome = await talk({
      asClient: async (socket, inner) => {
        socket.setsockopt("TCP_NODELAY", true);
        assert.equal(inner.getsockopt("TCP_NODELAY"), true);
        assert.equal(socket.getsockopt("TCP_INFO").state, "ESTABLISHED");
        assert.deepEqual(socket.getpeername(), AT);
        await assert.rejects(socket.connect(AT), { code: "EISCONN" });
        await assert.rejects(socket.bind(AT), { code: "EINVAL" });
        const waiting = assert.rejects(socket.recv(1), { code: "EBADF" });
        await socket.close();
        await waiting;
        assert.throws(() => socket.getsockopt("TCP_NODELAY"), { code: "EBADF" });
      },
      asServer: async (socket) => assert.equal((await socket.recv(1)).length, 0, "close_notify is an end"),
    });
    assert.deepEqual([outcome.client, outcome.server], [undefined, undefined]);
  });

  test("a handshake is ended by a signal, by a time limit and by the peer", async () => {
    const silent = async (context: ProgramContext, work: (inner: Socket) => Promise<unknown>) => {
      const listener = await listenTcp(context.sockets, AT);
      const inner = await connectTcp(context.sockets, AT);
      const accepted = await listener.accept();
      await work(inner);
      await assert.rejects(inner.recv(1), { code: "EBADF" });
      await accepted.close();
      await listener.close();
    };
    const network: Parameters<typeof simulate>[0]["network"] = (net) =>
      void net.host("host", { address: "10.0.0.2/24" });
    await simulate({ network }, async ({ host }) => {
      const run = host("host").run(async (context) => {
        const options = { role: "client", serverName: "x.test" } as const;
        const stop = new AbortController();
        await silent(context, async (inner) => {
          const wrapping = tlsOf(context).wrap(inner, { ...options, signal: stop.signal });
          context.clock.after(seconds(1), () => stop.abort(new Error("enough")));
          await assert.rejects(wrapping, /enough/);
        });
        const patient = { ...options, timeout: seconds(5) };
        await silent(context, (inner) => assert.rejects(tlsOf(context).wrap(inner, patient), { code: "ETIMEDOUT" }));
        assert.equal(context.clock.now(), seconds(6));
      });
      await run.ended;
      assert.equal(run.error, undefined);
    });
  });

  test("a client that cannot verify the server says why, and goes on only if told to", async () => {
    const strange = { authorities: [] };
    const outcome = await talk({ client: strange });
    assert.ok(outcome.client instanceof TlsError);
    assert.match(
      outcome.client.message,
      /^the certificate of CN=server\.test was issued by CN=Netarium virtual hosts, which is unknown/,
    );
    const insecure = await talk({
      client: { ...strange, insecure: true },
      asClient: async (socket) => {
        assert.match(socket.tls.unverified ?? "", /unknown or not trusted/);
        await socket.send(bytes("all the same"));
      },
      asServer: async (socket) => assert.equal(text(await socket.recv(100)), "all the same"),
    });
    assert.deepEqual([insecure.client, insecure.server], [undefined, undefined]);
    assert.equal(codeOf((await talk({ client: { serverName: "other.test" } })).client), "ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("ends without a version or a protocol in common say so to each other", async () => {
    const versions = await talk({ client: { maximum: "TLSv1.2" }, server: { minimum: "TLSv1.3" } });
    assert.match(String(versions.client), /the server refuses us: it speaks none of the versions of TLS/);
    assert.match(String(versions.server), /it speaks no version of TLS that we do/);
    const protocols = await talk({ client: { alpn: ["h2"] }, server: { alpn: ["http/1.1"] } });
    assert.match(String(protocols.client), /none of the protocols that we offer/);
  });

  test("a test's own code has it; what is no key is told, and the socket closed", async () => {
    const network: Parameters<typeof simulate>[0]["network"] = (net) =>
      void net.host("host", { address: "10.0.0.2/24" });
    await simulate({ network }, async ({ host }) => {
      const { sockets, tls } = host("host");
      const listener = await listenTcp(sockets, AT);
      const [client, server] = await Promise.all([connectTcp(sockets, AT), listener.accept()]);
      const identity = await tls.certify?.(["me.test"]);
      assert.ok(identity);
      const broken = { certificate: identity.certificate, key: "no key" };
      await assert.rejects(tls.wrap(server, { role: "server", identity: broken }), {
        name: "TlsError",
        message: /cannot be used/,
      });
      assert.equal((await client.recv(1)).length, 0, "the socket is closed then");
      await client.close();
      const [again, accepted] = await Promise.all([connectTcp(sockets, AT), listener.accept()]);
      const [a, b] = await Promise.all([
        tls.wrap(again, { role: "client", serverName: "me.test" }),
        tls.wrap(accepted, { role: "server", identity }),
      ]);
      await a.send(bytes("to myself"));
      assert.equal(text(await b.recv(100)), "to myself");
      await Promise.all([a.close(), b.close()]);
      await listener.close();
    });
  });

  test("takes the same virtual time in each run", async () => {
    const run = () =>
      talk({
        asClient: async (socket) => {
          await writeAll(socket, pattern(0, 50_000));
          await socket.shutdown("write");
          await readAll(socket);
        },
        asServer: echo,
        loss: 0.01,
      });
    const [first, second] = [await run(), await run()];
    assert.deepEqual(first, second);
    assert.ok(first.virtual > seconds(1));
  });
});
