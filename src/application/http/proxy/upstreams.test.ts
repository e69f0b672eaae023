import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { proxyScene, UPSTREAMS } from "../../../../test/fixtures/proxy-scene.ts";
import { forEach, type Script } from "../../../../test/fixtures/scripted-server.ts";
import { seconds } from "../../../time/instant.ts";

const hello = forEach((connection) => connection.answer("200 OK", "hello"));
const named = (name: string): Script => forEach((connection) => connection.answer("200 OK", name));
const [A, B, NOBODY] = UPSTREAMS;
const both = { routes: [{ path: "/", to: [{ url: A }, { url: B }] }] };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("the upstreams of a reverse proxy", () => {
  test("shares requests among upstreams by their weight", () =>
    proxyScene(
      { a: named("a"), b: named("b") },
      { routes: [{ path: "/", to: [{ url: A, weight: 3 }, { url: B }] }] },
      async (scene) => {
        let order = "";
        for (let turn = 0; turn < 8; turn++) order += await scene.text("/");
        assert.equal(order, "aabaaaba");
      },
    ));

  test("gives the next request to who has least to do", () => {
    const slowly: Script = forEach(async (connection, { target }) => {
      if (target === "/slow") await new Promise(() => {});
      await connection.answer("200 OK", "a");
    });
    const routes = [{ path: "/", to: [{ url: A }, { url: B }], balance: "least-connections" as const }];
    return proxyScene({ a: slowly, b: named("b") }, { routes }, async (scene) => {
      const gone = new AbortController();
      const slow = scene.fetch("/slow", { signal: gone.signal }).catch(() => {});
      await scene.sleep(0.1);
      for (const _ of [1, 2, 3]) assert.equal(await scene.text("/"), "b");
      gone.abort();
      await slow;
      await scene.sleep(0.1);
      assert.deepEqual(
        scene.proxy.snapshot().upstreams.map(({ active }) => active),
        [0, 0],
      );
    });
  });

  test("leaves an upstream alone that has failed, and comes back to it", () => {
    let works = false;
    const a: Script = (connection) => (works ? hello(connection) : connection.socket.close());
    return proxyScene({ a, b: named("b") }, { ...both, rest: seconds(10) }, async (scene) => {
      for (const _ of [1, 2, 3]) assert.equal(await scene.text("/"), "b");
      assert.equal(scene.a.connections, 1);
      works = true;
      await scene.sleep(11);
      assert.equal((await scene.text("/")) + (await scene.text("/")), "bhello");
      assert.match(scene.log[0] ?? "", /^GET \/: 10\.0\.0\.3 gave no answer: .*closed/);
      assert.equal(scene.log[1], "10.0.0.3 answers again");
    });
  });

  test("sends again elsewhere only what may be sent twice, or was never sent", () => {
    const a: Script = async (connection) => {
      await connection.request();
    };
    return proxyScene({ a, b: named("b") }, { ...both, rest: seconds(0) }, async (scene) => {
      assert.equal(await scene.text("/", { method: "PUT", body: "x" }), "b");
      const before = [scene.a.connections, scene.b.requests.length];
      const statuses: number[] = [];
      for (const _ of [1, 2, 3, 4]) statuses.push((await scene.fetch("/", { method: "POST", body: "x" })).status);
      const failed = statuses.filter((status) => status === 502).length;
      assert.ok(failed > 0);
      const after = [scene.a.connections, scene.b.requests.length];
      assert.deepEqual(after, [(before[0] ?? 0) + failed, (before[1] ?? 0) + 4 - failed]);
      const stream = async function* (): AsyncGenerator<Uint8Array, void, void> {
        yield bytesOf("x");
        await scene.sleep(0.1);
        yield bytesOf("y");
      };
      let streams = "";
      for (const _ of [1, 2, 3, 4]) streams += (await scene.fetch("/", { method: "PUT", body: stream() })).status;
      assert.match(streams, /502/);
    });
  });

  test("asks another when one takes too long, where that may be", () => {
    const a: Script = async (connection) => {
      await connection.request();
      await new Promise(() => {});
    };
    return proxyScene({ a, b: named("b") }, { ...both, headTimeout: seconds(3), rest: seconds(0) }, async (scene) => {
      const statuses: number[] = [];
      for (const method of ["GET", "GET", "POST", "POST"]) statuses.push((await scene.fetch("/", { method })).status);
      assert.deepEqual(statuses.slice(0, 2), [200, 200]);
      assert.deepEqual(statuses.slice(2).sort(), [200, 504]);
    });
  });

  test("sends to the next what could not be sent at all, whatever it is", () =>
    proxyScene({ a: hello }, { routes: [{ path: "/", to: [{ url: NOBODY }, { url: A }] }] }, async (scene) => {
      assert.equal(await scene.text("/", { method: "POST", body: "x" }), "hello");
      assert.match(scene.log[0] ?? "", /10\.0\.0\.5 gave no answer/);
    }));

  test("says what is wrong by 502, 503 and 504", () => {
    const silent: Script = async (connection) => {
      await connection.request();
      await new Promise(() => {});
    };
    const options = { headTimeout: seconds(3), pool: { perOrigin: 1, waiting: 0 } };
    return proxyScene({ a: silent }, options, async (scene) => {
      const [slow, refused] = await Promise.all([scene.fetch("/"), scene.sleep(1).then(() => scene.fetch("/"))]);
      assert.deepEqual([slow.status, refused.status, refused.headers.get("retry-after")], [504, 503, "1"]);
    });
  });

  test("takes nothing for an answer that is none", () => {
    const answers: Record<string, string> = {
      "/nonsense": "hello\r\n\r\n",
      "/both": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "/lengths": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
      "/status": "HTTP/1.1 700 OK\r\nContent-Length: 0\r\n\r\n",
      "/gzip": "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "/switch": "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
      "/fields": "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n",
      "/half": "HTTP/1.1 200 OK\r\nContent-Len",
    };
    const a: Script = async (connection) => {
      const request = await connection.request();
      await connection.send(answers[request?.target ?? ""] ?? "");
    };
    return proxyScene({ a }, {}, async (scene) => {
      for (const path of Object.keys(answers)) assert.equal((await scene.fetch(path)).status, 502, path);
    });
  });
});
