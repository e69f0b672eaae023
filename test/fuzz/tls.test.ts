/** Somebody in between who changes, drops, doubles or cuts off bytes of TLS: what is read is what was written, as far as it goes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProgramContext } from "../../src/application/program.ts";
import { simulate } from "../../src/platform/node/testing.ts";
import { type Socket, SocketError } from "../../src/socket/socket.ts";
import { chunks, connections, connectTcp, listenTcp, writeAll } from "../../src/socket/tcp.ts";
import { TlsError, type TlsOptions, type TlsSocket } from "../../src/socket/tls.ts";
import { milliseconds, seconds } from "../../src/time/instant.ts";
import { pattern } from "../networks/sockets/world.ts";
import { size } from "../size.ts";

const SERVER = { address: "10.0.0.3", port: 443 };
const RELAY = { address: "10.0.0.2", port: 443 };
const EXPECTED = new Set(["ECONNRESET", "EPROTO", "EPIPE", "ETIMEDOUT", "ECONNABORTED"]);

type Outcome = "whole" | "cut";

/** Passes bytes on, but for one place in one direction where something happens to them. */
const relay =
  (damaged: () => void) =>
  async ({ sockets, random, clock }: ProgramContext) => {
    const listener = await listenTcp(sockets, RELAY);
    for await (const from of connections(listener)) {
      const to = await connectTcp(sockets, SERVER);
      const victim = random.below(3); // 2: nothing happens
      let at = random.chance(0.5) ? random.below(3000) : random.below(60_000);
      const pass = async (source: Socket, target: Socket, isVictim: boolean): Promise<void> => {
        for await (const chunk of chunks(source)) {
          if (!isVictim || at < 0 || at >= chunk.length) {
            at -= isVictim ? chunk.length : 0;
            await writeAll(target, chunk);
            continue;
          }
          damaged();
          const [before, after] = [chunk.subarray(0, at), chunk.subarray(at)];
          at = -1;
          await writeAll(target, before);
          const what = random.below(5);
          if (what === 0) return void (await target.shutdown("write"));
          if (what === 1) await writeAll(target, Uint8Array.of((after[0] as number) ^ (1 << random.below(8))));
          if (what === 2) await writeAll(target, Uint8Array.of(random.below(256), after[0] as number));
          if (what === 4) target.setsockopt("SO_LINGER", 0);
          if (what === 4) return void (await target.close());
          await writeAll(target, after.subarray(1)); // 3: an octet less
        }
        await target.shutdown("write");
      };
      const both = [pass(from, to, victim === 0), pass(to, from, victim === 1)];
      void Promise.all(both.map((each) => each.catch(() => {})))
        .then(() => clock.sleep(seconds(1)))
        .then(() => Promise.all([from.close(), to.close()]));
    }
  };

/** One end: it writes, and reads what is a beginning of what the other writes. */
async function end(context: ProgramContext, inner: Socket, options: TlsOptions, count: number): Promise<Outcome> {
  let socket: TlsSocket | undefined;
  try {
    socket = await context.tls?.wrap(inner, { ...options, timeout: seconds(20) });
    assert.ok(socket);
    const writing = writeAll(socket, pattern(0, count)).then(() => socket?.shutdown("write"));
    writing.catch(() => {});
    let read = 0;
    for (;;) {
      const data = await socket.recv(10_000, { timeout: seconds(30) });
      if (data.length === 0) break;
      assert.deepEqual(data, pattern(read, data.length), "what is read was written");
      read += data.length;
    }
    await writing;
    return "whole";
  } catch (error) {
    if (error instanceof TlsError) return "cut";
    assert.ok(error instanceof SocketError, String(error));
    if (error.code === "EAGAIN") return "cut"; // a length was changed, and the rest is waited for
    assert.ok(EXPECTED.has(error.code), error.code);
    return "cut";
  } finally {
    await (socket ?? inner).close();
  }
}

test("damaged TLS ends with an error, never with other bytes, a false end, or nothing at all", async (t) => {
  const outcomes: Record<string, number> = {};
  await simulate(
    {
      limit: "100h",
      network: (net) => {
        for (const [index, name] of ["client", "relay", "server"].entries()) {
          net.host(name, { address: `10.0.0.${index + 1}/24` });
          net.cable(name, net.devices.get("switch") ?? net.switch("switch"), { delay: "100us", rate: "1Gbit/s" });
        }
      },
    },
    async ({ host }) => {
      let damages = 0;
      let served: Promise<Outcome> = Promise.resolve("whole");
      host("relay").run(relay(() => damages++));
      host("server").run(async (context) => {
        const identity = await context.tls?.certify?.(["server.test"]);
        assert.ok(identity);
        const listener = await listenTcp(context.sockets, SERVER);
        for await (const inner of connections(listener)) {
          served = end(context, inner, { role: "server", identity }, 20_000);
        }
      });
      const client = host("client").run(async (context) => {
        for (let round = 0; round < size(150, 5_000); round++) {
          await context.clock.sleep(milliseconds(100));
          const before = damages;
          const inner = await connectTcp(context.sockets, RELAY);
          const maximum = round % 2 === 0 ? "TLSv1.3" : "TLSv1.2";
          const asked = await end(context, inner, { role: "client", serverName: "server.test", maximum }, 20_000);
          const answered = await served;
          const outcome = `${damages > before ? "damaged" : "left alone"}: ${asked}, ${answered}`;
          outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        }
      });
      await client.ended;
      assert.equal(client.error, undefined);
    },
  );
  t.diagnostic(JSON.stringify(outcomes));
  assert.equal(outcomes["left alone: cut, cut"], undefined);
  assert.ok((outcomes["left alone: whole, whole"] ?? 0) > 0);
  assert.ok((outcomes["damaged: cut, cut"] ?? 0) > 0);
});
