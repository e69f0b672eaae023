import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Request } from "../../src/application/http/request.ts";
import { milliseconds, seconds } from "../../src/time/instant.ts";
import { causeOf, scene, URL1 } from "../fixtures/http-scene.ts";
import { forEach, type Script } from "../fixtures/scripted-server.ts";

describe("connections", () => {
  test("are used again, unless either side says close", async () => {
    const script = forEach(async (connection, { target }) => {
      await connection.answer("200 OK", "x", ...(target === "/close" ? ["Connection: close"] : []));
    });
    await scene(script, async ({ client, server }) => {
      for (const path of ["", "", "close", ""]) await (await client.fetch(URL1 + path)).text();
      assert.equal(server.connections, 2);
    });
  });

  test("are closed when they have rested for as long as the server says, less a second", async () => {
    const script = forEach((connection) => connection.answer("200 OK", "x", "Keep-Alive: timeout=2, max=100"));
    await scene(script, async ({ client, server, context }) => {
      await (await client.fetch(URL1)).text();
      await context.clock.sleep(milliseconds(900));
      assert.equal(client.snapshot().resting, 1);
      await context.clock.sleep(milliseconds(200));
      assert.equal(client.snapshot().resting, 0);
      await (await client.fetch(URL1)).text();
      assert.equal(server.connections, 2);
    });
  });

  test("are as many as are allowed, and the others wait", async () => {
    const script = forEach(async (connection) => {
      await connection.answer("200 OK", "x");
    });
    await scene(
      script,
      async ({ client, server }) => {
        const texts = Array.from({ length: 20 }, async () => (await client.fetch(URL1)).text());
        assert.equal((await Promise.all(texts)).join(""), "x".repeat(20));
        assert.equal(server.connections, 3);
      },
      { pool: { perOrigin: 3 } },
    );
  });

  test("that got something unasked are not used again", async () => {
    const script = forEach(async (connection) => {
      await connection.answer("200 OK", "x");
      await connection.answer("200 OK", "poison");
    });
    await scene(script, async ({ client, server, context }) => {
      for (let n = 0; n < 3; n++) {
        assert.equal(await (await client.fetch(URL1)).text(), "x");
        await context.clock.sleep(milliseconds(200));
      }
      assert.equal(server.connections, 3);
    });
  });
});

describe("a server that closes exactly as a request leaves (RFC 9112 §9.3.1)", () => {
  let close = (): void => {};
  /** Answers once, and closes when it is told, around the moment at which the next request arrives. */
  const closing: Script = async (connection) => {
    await connection.request();
    await connection.answer("200 OK", "x");
    if (connection.number > 1) return;
    await new Promise<void>((resolve) => {
      close = resolve;
    });
  };

  for (const method of ["GET", "POST"]) {
    test(`${method} ${method === "GET" ? "is sent again and succeeds" : "is never sent twice"}, over many seeds`, async () => {
      let failed = 0;
      let again = 0;
      await scene(
        closing,
        async ({ client, server, context, simulation }) => {
          await (await client.fetch(URL1)).text();
          // The close leaves the server up to 12 ms before or after the request leaves the client; a cable takes 5 ms.
          context.clock.after(milliseconds(simulation.random.real() * 24), () => close());
          await context.clock.sleep(milliseconds(12));
          const before = server.raw.length;
          const outcome = await client
            .fetch(`${URL1}second`, { method, body: method === "POST" ? "x" : null })
            .then((response) => response.text())
            .catch((error: TypeError) => (error.cause as { code: string }).code);
          const arrived = server.raw.slice(before).filter((raw) => raw.includes("/second")).length;
          if (method === "GET") assert.equal(outcome, "x");
          else assert.ok(arrived <= 1, "POST came twice");
          if (outcome !== "x") failed++;
          if (server.connections === 2) again++;
        },
        {},
        40,
      );
      assert.ok(again > 5, `the race was met ${again} times`);
      if (method === "GET") assert.equal(failed, 0);
      else assert.ok(failed > 0, "a POST in the race has to fail, since nobody knows whether it was carried out");
    });
  }

  test("is not asked a third time: a fresh connection that closes is an error", async () => {
    const script: Script = async (connection) => {
      await connection.request();
      if (connection.number === 1) {
        await connection.answer("200 OK", "x");
        await connection.request();
      }
    };
    await scene(script, async ({ client, server }) => {
      await (await client.fetch(URL1)).text();
      await assert.rejects(client.fetch(URL1), causeOf("ECONNRESET"));
      assert.equal(server.requests.length, 3);
    });
  });
});

describe("who is slow slows the other down, and memory does not grow", () => {
  const LENGTH = 20_000_000;
  /** What lies in the buffers of both hosts at most, beside what the client holds. */
  const HELD = 14_000_000;

  test("when the body of an answer is not read", async () => {
    let sent = 0;
    const script = forEach(async (connection) => {
      await connection.send(`HTTP/1.1 200 OK\r\nContent-Length: ${LENGTH}\r\n\r\n`);
      for (const piece = Buffer.alloc(100_000, "x"); sent < LENGTH; sent += piece.length) await connection.send(piece);
    });
    await scene(script, async ({ client, context }) => {
      const response = await client.fetch(URL1);
      await context.clock.sleep(seconds(30));
      assert.ok(sent < HELD, `${sent} bytes were sent to nobody`);
      assert.equal((await response.bytes()).length, LENGTH);
    });
  });

  test("when the body of a request is not read", async () => {
    let made = 0;
    const script: Script = async (connection) => {
      await connection.socket.recv(100);
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      for (let left = LENGTH; left > 0; ) left -= (await connection.socket.recv(65_536)).length;
      await connection.answer("200 OK", "thanks", "Connection: close");
    };
    let goOn = (): void => {};
    async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
      for (const piece = Buffer.alloc(100_000, "x"); made < LENGTH; made += piece.length) yield piece;
    }
    await scene(script, async ({ client, context }) => {
      const headers = { "Content-Length": `${LENGTH}` };
      const fetching = client.fetch(URL1, { method: "PUT", body: pieces(), headers });
      await context.clock.sleep(seconds(30));
      assert.ok(made < HELD, `${made} bytes were made for nobody`);
      goOn();
      assert.equal(await (await fetching).text(), "thanks");
    });
  });
});

describe("giving up", () => {
  const slow: Script = async (connection) => {
    for (let request = await connection.request(); request !== undefined; request = await connection.request()) {
      if (request.target === "/") await connection.answer("200 OK", "hello");
      if (request.target === "/body") await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    }
  };

  test("by a signal works at every moment, and poisons nothing", async () => {
    await scene(
      slow,
      async ({ client, context, server }) => {
        const moments = [0, 2, 6, 10.5, 12, 16, 21, 30].map(milliseconds);
        for (const path of ["", "body", "never"]) {
          for (const moment of moments) {
            const control = new AbortController();
            const reason = new Error(`enough of ${path} at ${moment}`);
            context.clock.after(moment, () => control.abort(reason));
            const body = new Uint8Array(path === "never" ? 1_000_000 : 3);
            const get = client
              .fetch(URL1 + path, { method: "POST", body, signal: control.signal })
              .then((response) => response.text());
            if (path === "") assert.ok(["hello", reason].includes(await get.catch((error) => error)));
            else await assert.rejects(get, reason);
            assert.equal(await (await client.fetch(URL1)).text(), "hello");
          }
        }
        const { signal } = new AbortController();
        assert.equal(await (await client.fetch(new Request(URL1, { signal }))).text(), "hello");
        await assert.rejects(client.fetch(URL1, { signal: AbortSignal.abort("no") }), (error) => error === "no");
        assert.ok(server.requests.length > 20);
      },
      { pool: { perOrigin: 2 } },
    );
  });

  test("leaves the queue of a busy pool", async () => {
    await scene(
      slow,
      async ({ client, context }) => {
        const first = new AbortController();
        const busy = client.fetch(`${URL1}never`, { signal: first.signal });
        const second = new AbortController();
        const waiting = client.fetch(URL1, { signal: second.signal });
        await context.clock.sleep(milliseconds(50));
        assert.equal(client.snapshot().waiting, 1);
        second.abort(new Error("enough"));
        await assert.rejects(waiting, /enough/);
        const third = client.fetch(URL1);
        first.abort(new Error("enough"));
        await assert.rejects(busy, /enough/);
        assert.equal(await (await third).text(), "hello");
      },
      { pool: { perOrigin: 1 } },
    );
  });

  test("a body that nobody reads to its end costs its connection, not the next request", async () => {
    const script = forEach(async (connection) => {
      await connection.send(`HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(1_000_000)}`);
    });
    await scene(
      script,
      async ({ client }) => {
        for (let n = 0; n < 3; n++) {
          const response = await client.fetch(URL1);
          if (n === 0) await response.body?.cancel();
          else if (n === 1) for await (const _ of response.pieces()) break;
          else assert.equal((await response.bytes()).length, 1_000_000);
        }
      },
      { pool: { perOrigin: 1 } },
    );
  });

  test("by the clock begins when the request is out, however long its body takes", async () => {
    const script = forEach(async (connection, { body }) => connection.answer("200 OK", body));
    await scene(
      script,
      async ({ client, context }) => {
        async function* slowly(): AsyncGenerator<Uint8Array, void, void> {
          for (let n = 0; n < 4; n++) {
            await context.clock.sleep(seconds(2));
            yield Buffer.from(`${n}`);
          }
        }
        const response = await client.fetch(URL1, { method: "POST", body: slowly() });
        assert.equal(await response.text(), "0123");
      },
      { headTimeout: seconds(1), idleTimeout: seconds(1) },
    );
  });

  test("by the clock: no connection, no answer, no more of it", async () => {
    const options = { connectTimeout: seconds(2), headTimeout: seconds(3), idleTimeout: seconds(4) };
    await scene(
      slow,
      async ({ client, context }) => {
        const timed = async (work: Promise<unknown>): Promise<number> => {
          const began = context.clock.now();
          await assert.rejects(
            work,
            (error: Error) => ((error.cause ?? error) as { code: string }).code === "ETIMEDOUT",
          );
          return (context.clock.now() - began) / 1e9;
        };
        assert.equal(await timed(client.fetch("http://10.0.0.9/")), 2);
        assert.equal(Math.round(await timed(client.fetch(`${URL1}never`))), 3);
        assert.equal(Math.round(await timed(client.fetch(`${URL1}body`).then((r) => r.text()))), 4);
      },
      options,
    );
  });
});
