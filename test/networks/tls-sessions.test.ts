/** What TLS connections of virtual hosts have to do with each other: sessions, names, clients' certificates, equal runs. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ProgramContext } from "../../src/application/program.ts";
import { simulate } from "../../src/platform/node/testing.ts";
import { connections, connectTcp, listenTcp, writeAll } from "../../src/socket/tcp.ts";
import type { Tls, TlsClientOptions, TlsFacts, TlsIdentity, TlsServerOptions } from "../../src/socket/tls.ts";
import { milliseconds } from "../../src/time/instant.ts";
import { bytes, readAll, text } from "./sockets/world.ts";

const AT = { address: "10.0.0.2", port: 443 };

interface Ask {
  readonly options: Partial<TlsClientOptions>;
}

/** What came of one connection: the client's facts and how it ended, and the server's. */
interface Answer {
  readonly facts: TlsFacts | undefined;
  readonly session: Uint8Array | undefined;
  readonly failed: string | undefined;
  readonly server: TlsFacts | string | undefined;
}

type Certify = NonNullable<Tls["certify"]>;

/** One server, and connections to it one after the other, as a test decides. */
async function session(
  serverOptions: (certify: Certify) => Promise<Partial<TlsServerOptions>>,
  body: (ask: (options: Ask["options"]) => Promise<Answer>, certify: Certify) => Promise<void>,
): Promise<void> {
  const servers: (TlsFacts | string)[] = [];
  const network: Parameters<typeof simulate>[0]["network"] = (net) => {
    net.host("client", { address: "10.0.0.1/24" });
    net.host("server", { address: "10.0.0.2/24" });
    net.cable("client", "server", { delay: "1ms" });
  };
  const serve = async ({ sockets, tls }: ProgramContext) => {
    assert.ok(tls?.certify);
    const identity = await tls.certify(["server.test"]);
    const options: TlsServerOptions = { role: "server", identity, ...(await serverOptions(tls.certify)) };
    const listener = await listenTcp(sockets, AT);
    for await (const inner of connections(listener)) {
      void (async () => {
        const socket = await tls.wrap(inner, options);
        servers.push(socket.tls);
        await writeAll(socket, await readAll(socket));
        await socket.close();
      })().catch((error: Error) => servers.push(error.message));
    }
  };
  await simulate({ network }, async ({ host }) => {
    host("server").run(serve);
    const client = host("client").run(async ({ sockets, tls, clock }) => {
      assert.ok(tls?.certify);
      const ask = async (options: Ask["options"]): Promise<Answer> => {
        const inner = await connectTcp(sockets, AT);
        let facts: TlsFacts | undefined;
        let session: Uint8Array | undefined;
        let failed: string | undefined;
        try {
          const socket = await tls.wrap(inner, { role: "client", serverName: "server.test", ...options });
          facts = socket.tls;
          socket.onSession = (came) => {
            session = came;
          };
          await socket.send(bytes("echo"));
          await socket.shutdown("write");
          assert.equal(text(await readAll(socket)), "echo");
          await socket.close();
        } catch (error) {
          failed = (error as Error).message;
        }
        await clock.sleep(milliseconds(100));
        return { facts, session, failed, server: servers.pop() };
      };
      await clock.sleep(milliseconds(100));
      await body(ask, tls.certify);
    });
    await client.ended;
    if (client.error !== undefined) throw client.error;
    host("server").kill();
  });
}

const none = async () => ({});

describe("TLS sessions on virtual hosts", () => {
  for (const maximum of ["TLSv1.2", "TLSv1.3"] as const) {
    test(`${maximum}: a session is resumed, with the certificate that was verified`, () =>
      session(none, async (ask) => {
        const first = await ask({ maximum });
        assert.equal(first.facts?.resumed, false);
        assert.ok(first.session, "the server gives a ticket");
        const second = await ask({ maximum, session: first.session });
        assert.equal(second.facts?.resumed, true);
        assert.equal((second.server as TlsFacts).resumed, true);
        assert.deepEqual(second.facts?.peer, first.facts?.peer);
        assert.equal(second.facts?.unverified, undefined);
        const other = await ask({ maximum, session: first.session, serverName: "other.test" });
        assert.match(other.failed ?? "", /is for DNS:server.test, not for other.test/, "also when it is resumed");
        assert.equal((await ask({ maximum, session: bytes("nonsense") })).facts?.resumed, false);
      }));
  }

  test("a session with a server that nobody verified is not resumed by who wants that", () =>
    session(none, async (ask) => {
      const strangers = { authorities: [] };
      const first = await ask({ ...strangers, insecure: true });
      assert.match(first.facts?.unverified ?? "", /not trusted/);
      assert.ok(first.session);
      assert.match((await ask({ ...strangers, session: first.session })).failed ?? "", /not trusted/);
      const again = await ask({ ...strangers, insecure: true, session: first.session });
      assert.equal(again.facts?.resumed, true);
    }));

  test("a server shows the certificate of the name that is asked for, and its own to all others", () =>
    session(
      async (certify) => {
        const named = new Map<string, TlsIdentity>([["named.test", await certify(["named.test"])]]);
        return { identityOf: (name) => named.get(name) };
      },
      async (ask) => {
        const named = await ask({ serverName: "named.test" });
        assert.deepEqual(named.facts?.peer?.names, ["DNS:named.test"]);
        assert.equal((named.server as TlsFacts).serverName, "named.test");
        const other = await ask({ serverName: "other.test", insecure: true });
        assert.deepEqual(other.facts?.peer?.names, ["DNS:server.test"]);
      },
    ));

  test("a server that wants a client's certificate refuses who shows none, and who shows a strange one", () =>
    session(
      async () => ({ clientCertificate: "require" }),
      async (ask, certify) => {
        const identity = await certify(["client.test"]);
        const good = await ask({ identity });
        assert.deepEqual((good.server as TlsFacts).peer?.names, ["DNS:client.test"]);
        assert.equal((good.server as TlsFacts).unverified, undefined);
        const without = await ask({ maximum: "TLSv1.2" });
        assert.match(without.failed ?? "", /refuses us/);
        assert.match(String(without.server), /it shows no certificate, and we want one/);
        const late = await ask({});
        assert.match(late.failed ?? "", /EPROTO|ECONNRESET/, "TLS 1.3 tells when the client is done already");
      },
    ));

  test("a server that only asks takes everybody, and knows who is not verified", () =>
    session(
      async () => ({ clientCertificate: "ask", authorities: [] }),
      async (ask, certify) => {
        assert.equal(((await ask({})).server as TlsFacts).unverified, "the client showed no certificate");
        const shown = (await ask({ identity: await certify(["client.test"]) })).server as TlsFacts;
        assert.deepEqual(shown.peer?.names, ["DNS:client.test"]);
        assert.match(shown.unverified ?? "", /not trusted/);
      },
    ));
});
