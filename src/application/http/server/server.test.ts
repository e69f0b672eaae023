import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bodyOf, HttpScene, statusOf } from "../../../../test/fixtures/http-server.ts";
import { milliseconds, seconds } from "../../../time/instant.ts";
import { Response, StatusError } from "../index.ts";

const encoder = new TextEncoder();
const hello = () => new Response("Hello!");

async function* count(to: number): AsyncGenerator<Uint8Array> {
  for (let i = 1; i <= to; i++) yield encoder.encode(`${i};`);
}

describe("interim responses", () => {
  test("go out before the answer, without content, and not when it has begun", async () => {
    let late: (() => void) | undefined;
    const scene = await HttpScene.serve((_, info) => {
      info.inform?.(103, { Link: "</a.css>; rel=preload", "Content-Length": "5" });
      assert.throws(() => info.inform?.(200), TypeError);
      assert.throws(() => info.inform?.(100), TypeError);
      assert.throws(() => info.inform?.(103, { "X-A": "a\r\nb" }), TypeError);
      late = () => info.inform?.(103);
      return new Response("hello");
    });
    const answer = await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.match(answer, /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    late?.();
    assert.match(await scene.ask("GET / HTTP/1.0\r\n\r\n"), /^HTTP\/1\.1 200 OK\r\n/);
  });
});

describe("an answer", () => {
  test("has its fields in order, the date, the length and a body", async () => {
    const scene = await HttpScene.serve(() => new Response("ä", { status: 201, headers: { "X-First": "1", A: "2" } }));
    const answer = await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const head = ["HTTP/1.1 201 Created", "X-First: 1", "A: 2", "Content-Type: text/plain;charset=UTF-8"];
    assert.ok(answer.startsWith(head.join("\r\n")), answer);
    assert.match(answer, /\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\nContent-Length: 2\r\n\r\nä$/);
  });

  test("of unknown length is chunked for HTTP/1.1, and ends with the connection for HTTP/1.0", async () => {
    const scene = await HttpScene.serve(() => new Response(count(3)));
    const chunked = await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.match(chunked, /\r\nTransfer-Encoding: chunked\r\n/);
    assert.equal(bodyOf(chunked), "2\r\n1;\r\n2\r\n2;\r\n2\r\n3;\r\n0\r\n\r\n");
    const old = await scene.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert.doesNotMatch(old, /Transfer-Encoding|Content-Length/);
    assert.match(old, /\r\nConnection: close\r\n/);
    assert.equal(bodyOf(old), "1;2;3;<end>");
  });

  test("with trailers has them after the last chunk", async () => {
    const pieces = { trailers: { "X-Sum": "6" }, [Symbol.asyncIterator]: () => count(1) };
    const scene = await HttpScene.serve(() => new Response(pieces));
    assert.equal(bodyOf(await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")), "2\r\n1;\r\n0\r\nX-Sum: 6\r\n\r\n");
  });

  test("to HEAD is that to GET without a body", async () => {
    const scene = await HttpScene.serve(({ target }) => new Response(target === "/s" ? count(3) : "12345"));
    assert.match(await scene.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"), /\r\nContent-Length: 5\r\n\r\n$/);
    assert.match(await scene.ask("HEAD /s HTTP/1.1\r\nHost: a\r\n\r\n"), /\r\nTransfer-Encoding: chunked\r\n\r\n$/);
  });

  test("of 204 and 304 ends with its head, and of 205 has length 0", async () => {
    const scene = await HttpScene.serve(({ target }) => new Response(null, { status: Number(target.slice(1)) }));
    for (const status of [204, 304]) {
      const answer = await scene.ask(`GET /${status} HTTP/1.1\r\nHost: a\r\n\r\n`);
      assert.doesNotMatch(answer, /Content-Length|Transfer-Encoding/);
      assert.ok(answer.endsWith("GMT\r\n\r\n"), answer);
    }
    assert.match(await scene.ask("GET /205 HTTP/1.1\r\nHost: a\r\n\r\n"), /\r\nContent-Length: 0\r\n\r\n$/);
  });

  test("keeps every Set-Cookie apart, and leaves the framing to the server", async () => {
    const headers: [string, string][] = [
      ["Set-Cookie", "a=1"],
      ["Set-Cookie", "b=2"],
      ["Transfer-Encoding", "gzip"],
      ["Content-Length", "99"],
    ];
    const scene = await HttpScene.serve(() => new Response("x", { headers }));
    const answer = await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.match(answer, /\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n/);
    assert.doesNotMatch(answer, /gzip|99/);
    assert.match(answer, /\r\nContent-Length: 1\r\n/);
  });

  test("may be the platform's own Response", async () => {
    const scene = await HttpScene.serve(() => new globalThis.Response("platform", { headers: { A: "b" } }) as never);
    const answer = await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.match(answer, /\r\na: b\r\n/);
    assert.match(bodyOf(answer), /platform/);
  });

  test("whose stream does not keep to its Content-Length cuts the connection", async () => {
    for (const length of ["3", "9"]) {
      const scene = await HttpScene.serve(() => new Response(count(2), { headers: { "Content-Length": length } }));
      assert.match(await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), /<ECONNRESET>$/);
      assert.match(scene.log.join(), /than its Content-Length/);
    }
  });
});

describe("a connection", () => {
  test("goes on after an answer, for HTTP/1.0 only when asked", async () => {
    const scene = await HttpScene.serve(hello);
    const client = await scene.connect();
    for (let i = 0; i < 3; i++) {
      await client.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assert.match(client.read(), /Hello!$/);
    }
    await client.say("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    assert.match(client.read(), /\r\nConnection: keep-alive\r\n\r\nHello!$/);
    await client.say("GET / HTTP/1.0\r\n\r\n");
    assert.match(client.read(), /\r\nConnection: close\r\n\r\nHello!<end>$/);
  });

  test("answers pipelined requests in their order, however long each takes", async () => {
    const scene = await HttpScene.serve(async ({ target }) => {
      if (target === "/slow") await scene.context.clock.sleep(milliseconds(500));
      return new Response(target);
    });
    const client = await scene.connect();
    const targets = ["/slow", "/2", "/slow", "/4"];
    await client.say(targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""), seconds(2));
    assert.deepEqual(client.read().match(/\/\w+$|\/\w+(?=HTTP\/1.1)/g), targets);
  });

  test("whose client has sent its end along with its requests is answered all the same", async () => {
    const scene = await HttpScene.serve(hello);
    const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const cut = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1";
    for (const [sent, expected] of [
      [get, /Hello!<end>$/],
      [get + get, /Hello!HTTP[\s\S]*Hello!<end>$/],
      [cut, /Hello!<end>$/],
    ] as const) {
      const client = await scene.connect();
      client.socket.setsockopt("TCP_CORK", true);
      client.socket.write(encoder.encode(sent));
      void client.socket.shutdown("write");
      await scene.lan.run(seconds(1));
      assert.match(client.read(), expected);
    }
    await scene.lan.run(seconds(3));
    assert.equal(scene.lan.host("server").sockets.open.size, 1);
  });

  test("leaves nothing of itself to the next one, whatever it ends with", async () => {
    const scene = await HttpScene.serve(hello);
    const ends = [
      "GET / HTTP/1.0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
      "\r\n\r",
      "\r\n",
      "GET",
      "nonsense\r\n",
    ];
    const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for (const end of [...ends, `${get}\r\n`, `${get}POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1`]) {
      await scene.ask(end, 0.1);
      assert.equal(statusOf(await scene.ask(get, 0.1)), 200, JSON.stringify(end));
      const kept = await scene.connect();
      await kept.say(end);
      assert.equal(statusOf(await scene.ask(get, 0.1)), 200, `beside ${JSON.stringify(end)}`);
    }
  });

  test("shows the same however its bytes are cut", async () => {
    const scene = await HttpScene.serve(async (request) => new Response(`${request.target} ${await request.text()};`));
    const text =
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcPOST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n";
    for (let cut = 1; cut < text.length; cut += 3) {
      const client = await scene.connect();
      await client.say(text.slice(0, cut));
      await client.say(text.slice(cut), milliseconds(100));
      assert.deepEqual(client.read().match(/\/\w \w*;/g), ["/a abc;", "/b def;", "/c ;"], `cut at ${cut}`);
      void client.socket.close();
    }
  });

  test("is told to go on only when the handler reads the body", async () => {
    const scene = await HttpScene.serve(async (request) => {
      if (request.target === "/read") return new Response(await request.text());
      return new Response("no", { status: 403 });
    });
    const head = "HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    const client = await scene.connect();
    await client.say(`PUT /read ${head}`);
    assert.equal(client.read(), "HTTP/1.1 100 Continue\r\n\r\n");
    await client.say("body");
    assert.match(client.read(), /^HTTP\/1.1 200 OK\r\n[\s\S]*body$/);
    const other = await scene.connect();
    await other.say(`PUT /refused ${head}`);
    assert.match(other.read(), /^HTTP\/1.1 403 [\s\S]*\r\nConnection: close\r\n\r\nno<end>$/);
    assert.equal(
      statusOf(await scene.ask(`PUT / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 4\r\n\r\n`)),
      417,
    );
  });

  test("goes on after a body that no handler read, if that is not too long", async () => {
    const scene = await HttpScene.serve(hello, { drain: 100 });
    const client = await scene.connect();
    const chunk = `32\r\n${"x".repeat(50)}\r\n`;
    const post = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    await client.say(post);
    assert.match(client.read(), /Hello!$/);
    await client.say(`${chunk}${chunk}0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`);
    assert.match(client.read(), /Hello!$/);
    await client.say(post);
    assert.match(client.read(), /Hello!$/);
    await client.say(chunk.repeat(3));
    assert.equal(client.read(), "<end>");
    assert.match(
      await scene.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n"),
      /Connection: close[\s\S]*<end>$/,
    );
  });

  test("is closed so that a client that sends on reads the answer first", async () => {
    const scene = await HttpScene.serve(hello);
    const client = await scene.connect();
    await client.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    await client.say("more and more".repeat(1_000));
    assert.match(client.read(), /Hello!<end>$/);
    await scene.lan.run(seconds(3));
    assert.equal(scene.lan.host("server").sockets.open.size, 1);
  });
});

describe("a body", () => {
  test("makes the client wait while the handler does not read", async () => {
    let sum = 0;
    const scene = await HttpScene.serve(async (request) => {
      for await (const piece of request.pieces()) {
        await scene.context.clock.sleep(milliseconds(100));
        sum += piece.length;
      }
      return new Response(`${sum}`);
    });
    const client = await scene.connect();
    await client.say("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
    const sending = client.socket.send(new Uint8Array(3_000_000));
    await scene.lan.run(seconds(1));
    assert.ok(sum > 0 && sum < 1_500_000, `${sum}`);
    await scene.lan.run(seconds(60));
    await sending;
    assert.equal(bodyOf(client.read()), "3000000");
  });

  test("of an answer waits while the client does not read, and its maker is told when the client goes", async () => {
    let made = 0;
    let left = false;
    const scene = await HttpScene.serve(() => {
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (;;) {
            made += 10_000;
            yield new Uint8Array(10_000);
          }
        } finally {
          left = true;
        }
      }
      return new Response(endless());
    });
    const client = await scene.connect();
    await client.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n", seconds(2));
    const before = made;
    assert.ok(made > 10_000 && made < 10_000_000, `${made}`);
    await scene.lan.run(seconds(2));
    assert.equal(made, before);
    client.socket.setsockopt("SO_LINGER", 0);
    void client.socket.close();
    await scene.lan.run(seconds(1));
    assert.ok(left);
  });
});

describe("a handler", () => {
  test("that throws is answered 500 and logged; a status that it throws is answered", async () => {
    const scene = await HttpScene.serve(async ({ target }) => {
      if (target === "/410") throw new StatusError(410, "long gone");
      await undefined;
      throw new Error("secret");
    });
    assert.match(
      await scene.ask("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"),
      /^HTTP\/1.1 500 [\s\S]*Internal Server Error\n$/,
    );
    assert.match(scene.log[0] ?? "", /^GET \/x: Error: secret/);
    assert.match(await scene.ask("GET /410 HTTP/1.1\r\nHost: a\r\n\r\n"), /^HTTP\/1.1 410 Gone[\s\S]*long gone\n$/);
    assert.equal(scene.log.length, 1);
  });

  test("that leaves HTTP has the client's body come first, and 100 before 101 (RFC 9110 §7.8)", async () => {
    const scene = await HttpScene.serve((_request, info) =>
      info.upgrade({}, async (socket) => {
        await socket.send(encoder.encode("other: "));
        await socket.send(await socket.recv(100));
      }),
    );
    const client = await scene.connect();
    const fields =
      "Host: a\r\nConnection: upgrade\r\nUpgrade: other\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    await client.say(`PUT / HTTP/1.1\r\n${fields}`);
    assert.match(client.read(), /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 101 Switching Protocols\r\n[\s\S]*\r\n\r\n$/);
    await client.say("bodyfirst", seconds(1));
    assert.equal(client.read(), "other: first<end>");
  });

  test("that gives no response, or one that cannot be sent, is answered 500 and harms nobody else", async () => {
    const used = new Response("x");
    await used.text();
    const platformUsed = new globalThis.Response("x");
    await platformUsed.text();
    const locked = new globalThis.Response("x");
    locked.body?.getReader();
    async function* strings(): AsyncGenerator<unknown> {
      yield "no bytes";
    }
    const unready = { [Symbol.asyncIterator]: () => assert.fail("cannot begin") };
    const bad: unknown[] = [undefined, null, 7, "text", {}, used, platformUsed, locked];
    bad.push(new Response(strings() as never), new Response(unready as never), new Response(null, { status: 101 }));
    bad.push(new Response(null, { headers: { "X-Long": "x".repeat(65_000) } }), globalThis.Response.error());
    for (const later of [false, true]) {
      const scene = await HttpScene.serve(({ target }) => {
        const answer = bad[Number(target.slice(1))] as never;
        return later ? Promise.resolve(answer) : answer;
      });
      for (const index of bad.keys()) {
        const answer = await scene.ask(`GET /${index} HTTP/1.1\r\nHost: a\r\n\r\n`);
        assert.equal(statusOf(answer), 500, `${index} ${answer}`);
      }
      assert.equal(scene.log.length, bad.length);
      assert.equal(statusOf(await scene.ask("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")), 500);
    }
    const scene = await HttpScene.serve(hello);
    assert.equal(statusOf(await scene.ask("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")), 501);
  });

  test("may name protocols with 426", async () => {
    const headers = { Connection: "upgrade", Upgrade: "echo" };
    const scene = await HttpScene.serve(() => new Response(null, { status: 426, headers }));
    const answer = await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.match(answer, /^HTTP\/1.1 426 Upgrade Required\r\nConnection: Upgrade\r\nUpgrade: echo\r\n/);
  });

  test("is told when its client has gone, by the signal", async () => {
    const gone: string[] = [];
    const scene = await HttpScene.serve(async (request, { signal }) => {
      assert.equal(request.signal, signal);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      gone.push(request.target);
      return new Response("late");
    });
    const client = await scene.connect();
    await client.say("GET /closed HTTP/1.1\r\nHost: a\r\n\r\n");
    void client.socket.close();
    const other = await scene.connect();
    await other.say("GET /reset HTTP/1.1\r\nHost: a\r\n\r\n");
    other.socket.setsockopt("SO_LINGER", 0);
    void other.socket.close();
    await scene.lan.run(seconds(1));
    assert.deepEqual(gone, ["/closed", "/reset"]);
    assert.equal(scene.lan.host("server").sockets.open.size, 1);
  });

  test("knows both ends, and every form of target", async () => {
    const scene = await HttpScene.serve((request, { local, remote, tls }) => {
      const text = [request.method, request.target, request.url, local.port, local.address, remote.address, tls].join(
        " ",
      );
      return new Response(text, { status: request.method === "CONNECT" ? 403 : 200 });
    });
    const ask = async (line: string) => bodyOf(await scene.ask(`${line} HTTP/1.1\r\nHost: h.test:81\r\n\r\n`));
    const ends = "80 10.0.0.2 10.0.0.1 ";
    assert.equal(await ask("GET /a%20b?c"), `GET /a%20b?c http://h.test:81/a%20b?c ${ends}`);
    assert.equal(await ask("OPTIONS *"), `OPTIONS * http://h.test:81/ ${ends}`);
    assert.equal(await ask("TRACE /"), `TRACE / http://h.test:81/ ${ends}`);
    assert.equal(await ask("GET http://other.test/x"), `GET http://other.test/x http://other.test/x ${ends}`);
    assert.equal(await ask("CONNECT far.test:443"), `CONNECT far.test:443 http://far.test:443/ ${ends}`);
    assert.equal(bodyOf(await scene.ask("GET / HTTP/1.0\r\n\r\n")), `GET / http://10.0.0.2/ ${ends}<end>`);
  });

  test("may leave HTTP: what follows the request belongs to the other protocol", async () => {
    const scene = await HttpScene.serve((_request, info) =>
      info.upgrade({ "X-Y": "z" }, async (socket) => {
        for (;;) {
          const piece = await socket.recv(3);
          if (piece.length === 0) return;
          await socket.send(piece);
        }
      }),
    );
    const client = await scene.connect();
    await client.say("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo, other\r\n\r\nfirst");
    const [head = "", rest] = client.read().split("\r\n\r\n");
    assert.match(
      head,
      /^HTTP\/1.1 101 Switching Protocols\r\nX-Y: z\r\nUpgrade: echo\r\nConnection: Upgrade\r\nDate: .*$/,
    );
    assert.equal(rest, "first");
    await client.say("second");
    assert.equal(client.read(), "second");
    await client.socket.shutdown("write");
    await scene.lan.run(seconds(1));
    assert.equal(client.read(), "<end>");
    const tunnel = await scene.connect();
    await tunnel.say("CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n");
    assert.match(tunnel.read(), /^HTTP\/1.1 200 OK\r\nX-Y: z\r\nDate: [^\r]*\r\n\r\n$/);
    await tunnel.say("through");
    assert.equal(tunnel.read(), "through");
    assert.equal(statusOf(await scene.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")), 500);
  });
});
