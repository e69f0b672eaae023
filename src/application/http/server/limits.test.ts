import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bodyOf, HttpScene, statusOf } from "../../../../test/fixtures/http-server.ts";
import type { RawClient } from "../../../../test/fixtures/virtual-lan.ts";
import { milliseconds, seconds } from "../../../time/instant.ts";
import { Response } from "../index.ts";

const hello = () => new Response("Hello!");
const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const openSockets = (scene: HttpScene): number => scene.lan.host("server").sockets.open.size - 1;

describe("a limit of length", () => {
  const cases: [name: string, status: number, request: string][] = [
    ["a request that is none", 400, "what?\r\n\r\n"],
    ["two lengths", 400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"],
    ["a body longer than allowed", 413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n"],
    ["chunks longer than allowed", 413, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"],
    ["a target longer than allowed", 414, `GET /${"x".repeat(9_000)} HTTP/1.1\r\n`],
    ["a field longer than allowed", 431, `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(33_000)}\r\n`],
    ["more fields than allowed", 431, `GET / HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(200)}\r\n`],
    ["an unknown coding", 501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"],
    ["what is to be asked for over TLS", 421, "GET HTTPS://a/ HTTP/1.1\r\nHost: a\r\n\r\n"],
    ["another version", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"],
  ];
  for (const [name, status, request] of cases) {
    test(`answers ${name} by ${status}, and closes`, async () => {
      const scene = await HttpScene.serve(async (request) => new Response(await request.text()), {
        contentLength: 1_000,
      });
      const answer = await scene.ask(request);
      assert.equal(statusOf(answer), status);
      assert.match(answer, /\r\nConnection: close\r\n/);
      assert.match(answer, /<end>$/);
      await scene.lan.run(seconds(3));
      assert.equal(openSockets(scene), 0);
    });
  }

  test("tells who asked of what no handler saw", async () => {
    const refused: [string, number][] = [];
    const onRefused = ({ address }: { readonly address: string }, status: number) =>
      void refused.push([address, status]);
    const scene = await HttpScene.serve(hello, {}, { onRefused });
    await scene.ask(GET);
    await scene.ask("what?\r\n\r\n");
    assert.deepEqual(refused, [["10.0.0.1", 400]]);
  });

  test("that is broken after the answer closes the connection", async () => {
    const scene = await HttpScene.serve(hello);
    const client = await scene.connect();
    await client.say("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    assert.match(client.read(), /Hello!$/);
    await client.say("nonsense");
    assert.equal(client.read(), "<end>");
  });
});

describe("a limit of time", () => {
  test("closes a connection that rests, without a word", async () => {
    const scene = await HttpScene.serve(hello, { idleTime: seconds(5) });
    const client = await scene.connect();
    await scene.lan.run(seconds(4));
    await client.say(GET);
    assert.match(client.read(), /Hello!$/);
    await scene.lan.run(seconds(4.5));
    assert.equal(client.read(), "");
    await scene.lan.run(seconds(1));
    assert.equal(client.read(), "<end>");
    assert.equal(openSockets(scene), 0);
  });

  test("is for the whole head, however it trickles", async () => {
    const scene = await HttpScene.serve(hello, { headTime: seconds(5) });
    const client = await scene.connect();
    for (const letter of "GET / HT") await client.say(letter, milliseconds(600));
    assert.equal(client.read(), "");
    await scene.lan.run(seconds(1));
    const answer = client.read();
    assert.equal(statusOf(answer), 408);
    assert.match(answer, /<end>$/);
  });

  test("is a rate for a body, whoever waits for it", async () => {
    for (const reads of [true, false]) {
      let failure = "";
      const scene = await HttpScene.serve(
        async (request, { signal }) => {
          const body = reads
            ? request.text()
            : new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
          await body.catch((error) => {
            failure = String(error);
          });
          return hello();
        },
        { rateTime: seconds(10), minimumRate: 10 },
      );
      const client = await scene.connect();
      await client.say("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
      for (let i = 0; i < 15; i++) await client.say("x".repeat(12), seconds(1));
      assert.equal(client.read(), "", "fast enough");
      for (let i = 0; i < 7; i++) await client.say("x", seconds(1));
      assert.equal(statusOf(client.read()), 408);
      assert.match(failure, /StatusError: the body of a request comes too slowly/);
    }
  });

  test("does not run while the client waits for 100, or the handler takes its time", async () => {
    const scene = await HttpScene.serve(async (request) => {
      await scene.context.clock.sleep(seconds(100));
      return new Response(await request.text());
    });
    const client = await scene.connect();
    await client.say("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", seconds(101));
    assert.equal(client.read(), "HTTP/1.1 100 Continue\r\n\r\n");
    await client.say("ok");
    assert.equal(bodyOf(client.read()), "ok");
  });

  test("cuts a client that does not read its answer", async () => {
    let left = false;
    const scene = await HttpScene.serve(() => {
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield new Uint8Array(50_000);
        } finally {
          left = true;
        }
      }
      return new Response(endless());
    });
    const client = await scene.connect();
    await client.say(GET, seconds(25));
    assert.ok(left);
    assert.equal(openSockets(scene), 0);
  });
});

describe("a limit of count", () => {
  const connect = async (scene: HttpScene, count: number): Promise<RawClient[]> => {
    const clients = [];
    for (let i = 0; i < count; i++) clients.push(await scene.connect());
    return clients;
  };

  test("of connections in all is answered 503, of one address 429, until one has gone", async () => {
    for (const [limits, status] of [
      [{ connections: 2 }, 503],
      [{ connectionsPerAddress: 2 }, 429],
    ] as const) {
      const scene = await HttpScene.serve(hello, limits);
      const [first] = await connect(scene, 2);
      const answer = await scene.ask(GET);
      assert.equal(statusOf(answer), status);
      assert.match(answer, /\r\nRetry-After: 1\r\n[\s\S]*<end>$/);
      void first?.socket.close();
      await scene.lan.run(seconds(1));
      assert.equal(statusOf(await scene.ask(GET)), 200);
    }
  });

  test("of requests closes the connection after the last", async () => {
    const scene = await HttpScene.serve(hello, { requestsPerConnection: 2 });
    const answer = await scene.ask(GET.repeat(3));
    assert.equal(answer.match(/Hello!/g)?.length, 2);
    assert.match(answer, /Connection: close\r\n\r\nHello!<end>$/);
  });
});

describe("the end of a server", () => {
  test("when it is graceful, comes after the requests that were begun and the work they left", async () => {
    let finish = (): void => {};
    let worked = false;
    const scene = await HttpScene.serve(async (_request, info) => {
      info.waitUntil(
        scene.context.clock.sleep(seconds(10)).then(() => {
          worked = true;
        }),
      );
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return hello();
    });
    const idle = await scene.connect();
    const busy = await scene.connect();
    await busy.say(GET);
    let ended = false;
    const ending = scene.server.close({ graceful: true }).then(() => {
      ended = true;
    });
    await scene.lan.run(seconds(1));
    assert.equal(idle.read(), "<end>");
    assert.equal(busy.read(), "");
    finish();
    await scene.lan.run(seconds(1));
    assert.match(busy.read(), /Connection: close\r\n\r\nHello!<end>$/);
    void busy.socket.close();
    await scene.lan.run(seconds(3));
    assert.ok(!ended);
    await scene.lan.run(seconds(10));
    await ending;
    assert.ok(worked);
    assert.equal(scene.lan.host("server").sockets.open.size, 0);
  });

  test("otherwise comes at once, with the signal of its context too", async () => {
    const scene = await HttpScene.serve(async (_request, { signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      return hello();
    });
    const client = await scene.connect();
    await client.say(GET);
    scene.stop.abort();
    await scene.lan.run(seconds(1));
    await scene.server.ended;
    assert.match(client.read(), /^<(?:end|ECONNRESET)>$/);
    assert.equal(scene.lan.host("server").sockets.open.size, 0);
  });
});
