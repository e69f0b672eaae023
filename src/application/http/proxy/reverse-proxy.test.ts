import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hear, proxyScene, UPSTREAMS } from "../../../../test/fixtures/proxy-scene.ts";
import { forEach, type Script } from "../../../../test/fixtures/scripted-server.ts";
import { writeAll } from "../../../socket/tcp.ts";
import { seconds } from "../../../time/instant.ts";

const hello = forEach((connection) => connection.answer("200 OK", "hello"));
const named = (name: string): Script => forEach((connection) => connection.answer("200 OK", name));
const [A, B] = UPSTREAMS;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
/** The fields of a request in lower case, without those that say where it came from. */
const linesOf = (head: string): string[] => head.trimEnd().split("\r\n").slice(1).sort();

describe("the reverse proxy", () => {
  test("passes a request on and its answer back, with new heads", () =>
    proxyScene(
      { a: forEach((c) => c.answer("201 Made", "hello", "X-A: b", "Set-Cookie: a=1", "Set-Cookie: b=2")) },
      {},
      async (scene) => {
        const headers = { Host: "site.test", "X-Own": "yes", Via: "1.0 before" };
        const answer = await scene.fetch("/a//b/../c%7E?x=%20y", { method: "POST", body: "body", headers });
        assert.deepEqual([answer.status, answer.statusText, await answer.text()], [201, "Made", "hello"]);
        assert.deepEqual([answer.headers.get("x-a"), answer.headers.getSetCookie()], ["b", ["a=1", "b=2"]]);
        assert.equal(answer.headers.get("via"), "1.1 netarium");
        const [asked] = scene.a.requests;
        assert.deepEqual([asked?.method, asked?.target, asked?.body], ["POST", "/a/c~?x=%20y", "body"]);
        assert.deepEqual(linesOf(asked?.head ?? ""), [
          "Accept: */*",
          "Content-Length: 4",
          "Content-Type: text/plain;charset=UTF-8",
          "Forwarded: for=10.0.0.1;proto=http;host=site.test",
          "Host: site.test",
          "Via: 1.0 before, 1.1 netarium",
          "X-Forwarded-For: 10.0.0.1",
          "X-Forwarded-Host: site.test",
          "X-Forwarded-Proto: http",
          "X-Own: yes",
        ]);
      },
    ));

  test("uses a connection again when both bodies have ended, and not before", () =>
    proxyScene(
      {
        a: forEach(async (connection, { target }) => {
          if (target !== "/early") return connection.answer("200 OK", String(connection.number));
          await connection.answer("200 OK", "early");
        }),
      },
      {},
      async (scene) => {
        for (const _ of [1, 2, 3]) assert.equal(await scene.text("/"), "1");
        assert.equal(scene.a.connections, 1);
      },
    ));

  test("asks again on a new connection when one that rested was closed, but not once it has heard something", () =>
    proxyScene(
      {
        a: forEach(async (connection, { target }) => {
          if (target === "/") return connection.answer("200 OK", String(connection.number));
          if (target === "/half") await writeAll(connection.socket, bytesOf("HTTP/1.1 200 O"));
          if (target !== "/new" || connection.number === 1) return connection.socket.close();
          return connection.answer("200 OK", "again");
        }),
      },
      {},
      async (scene) => {
        await scene.text("/");
        assert.equal(await scene.text("/new"), "again");
        assert.equal((await scene.fetch("/half")).status, 502);
        assert.equal(scene.a.requests.filter(({ target }) => target === "/half").length, 1);
      },
    ));

  test("does not use a connection again whose answer came before the request had ended", () =>
    proxyScene(
      {
        async a(connection) {
          await connection.socket.recv(65_536);
          await connection.answer("200 OK", `${connection.number}`);
          await connection.socket.recv(65_536);
        },
      },
      {},
      async (scene) => {
        const socket = await scene.connect();
        await writeAll(socket, bytesOf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf"));
        assert.match(await hear(socket), /\r\n\r\n1/);
        assert.equal(await scene.text("/"), "2");
        await socket.close();
      },
    ));

  test("hop-by-hop fields, those that Connection names, and what a client says of itself stay behind", () =>
    proxyScene(
      {
        a: forEach((c) =>
          c.answer(
            "200 OK",
            "x",
            "Connection: keep-alive, X-Hop",
            "X-Hop: 1",
            "Keep-Alive: timeout=5",
            "Proxy-Authenticate: Basic",
            "X-End: 1",
          ),
        ),
      },
      {},
      async (scene) => {
        const lines = [
          ...[
            "GET / HTTP/1.1",
            "Host: a",
            "Connection: close, X-Hop , cookie",
            "X-Hop: 1",
            "Cookie: a=1",
            "Keep-Alive: 5",
          ],
          ...["Proxy-Authorization: x", "Proxy-Connection: x", "TE: gzip, trailers", "Trailer: x", "Upgrade: h2c"],
          ...["Forwarded: for=1.2.3.4", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Port: 1", "X-Real-IP: 1.2.3.4"],
          ...["X_Forwarded_For: 1.2.3.4", "Max-Forwards: 3", "X-End: 1"],
        ];
        const answer = await scene.raw(`${lines.join("\r\n")}\r\n\r\n`);
        assert.match(answer, /X-End: 1\r\n/);
        assert.doesNotMatch(answer, /X-Hop|Keep-Alive|Proxy-Auth/i);
        assert.deepEqual(linesOf(scene.a.requests[0]?.head ?? ""), [
          "Connection: TE",
          "Forwarded: for=10.0.0.1;proto=http;host=a",
          "Host: a",
          "TE: trailers",
          "Via: 1.1 netarium",
          "X-End: 1",
          "X-Forwarded-For: 10.0.0.1",
          "X-Forwarded-Host: a",
          "X-Forwarded-Proto: http",
        ]);
      },
    ));

  test("what could be read in two ways goes no further", () =>
    proxyScene({ a: hello }, {}, async (scene) => {
      const refused = [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\nhello!",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /../x HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
      ];
      for (const request of refused) {
        const answer = await scene.raw(request);
        assert.match(answer, /^HTTP\/1\.1 [45]\d\d /, JSON.stringify(request));
        // Nor does anything after it: where one ends, nobody knows.
        if (!request.includes("GET /%00") && !request.includes("/../")) assert.match(answer, /<end>$/, request);
      }
      assert.equal(scene.a.requests.length, 0);
      assert.ok(scene.a.raw.every((raw) => !raw.includes("0\r\n\r\n")));
    }));

  test("rules see the path that the upstream gets", () =>
    proxyScene(
      { a: named("a"), b: named("b") },
      {
        routes: [
          { path: "/", to: [{ url: A }] },
          { path: "/admin", to: [{ url: `${B}/base/` }], strip: true },
        ],
      },
      async (scene) => {
        for (const path of ["/admin/x", "/%61dmin/x", "//admin//x", "/y/../admin/./x", "/%2e/admin/x"]) {
          assert.match(
            await scene.raw(`GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`),
            /\r\n\r\nb<end>$/,
          );
        }
        assert.deepEqual(new Set(scene.b.requests.map(({ target }) => target)), new Set(["/base/x"]));
        assert.equal(await scene.text("/administration"), "a");
        assert.equal(await scene.text("/admin"), "b");
        assert.equal(scene.b.requests.at(-1)?.target, "/base/");
      },
    ));

  test("an answer that is cut off has no end that looks like one", () => {
    const a: Script = async (connection) => {
      const request = await connection.request();
      const framing = request?.target === "/length" ? "Content-Length: 100" : "Transfer-Encoding: chunked";
      await connection.send(
        `HTTP/1.1 200 OK\r\n${framing}\r\n\r\n${request?.target === "/length" ? "" : "5\r\n"}hello`,
      );
    };
    return proxyScene({ a }, {}, async (scene) => {
      for (const path of ["/length", "/chunked"]) {
        const heard = await scene.raw(`GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`);
        assert.match(heard, /hello(\r\n)?<ECONNRESET>$/, path);
      }
      // An old client knows the end by the connection's: it must not see a good one.
      assert.match(await scene.raw("GET /chunked HTTP/1.0\r\n\r\n"), /hello<ECONNRESET>$/);
      assert.match(scene.log[0] ?? "", /the answer of 10\.0\.0\.3 was cut off/);
    });
  });

  test("a request that breaks off is never ended for the client", () =>
    proxyScene({ a: hello }, {}, async (scene) => {
      for (const framing of ["Content-Length: 100\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"]) {
        const socket = await scene.connect();
        await writeAll(socket, bytesOf(`POST / HTTP/1.1\r\nHost: h\r\n${framing}`));
        await scene.sleep(0.5);
        await socket.close();
        await scene.sleep(0.5);
      }
      assert.equal(scene.a.requests.length, 0);
      assert.equal(scene.a.raw.length, 2);
      for (const raw of scene.a.raw) assert.doesNotMatch(raw, /0\r\n\r\n$/);
    }));

  test("an upload that is answered early is not ended for the client", () => {
    const a: Script = async (connection) => {
      const first = await connection.socket.recv(65_536);
      await connection.answer("200 OK", "enough");
      let raw = Buffer.from(first).toString();
      for (;;) {
        const bytes = await connection.socket.recv(65_536);
        if (bytes.length === 0) break;
        raw += Buffer.from(bytes).toString();
      }
      assert.doesNotMatch(raw, /\r\n0\r\n\r\n$/);
    };
    return proxyScene({ a }, {}, async (scene) => {
      const socket = await scene.connect();
      await writeAll(socket, bytesOf("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
      assert.match(await hear(socket), /enough/);
      await scene.sleep(1);
      await socket.close();
    });
  });

  test("a client that goes takes its request with it", () => {
    let closed = 0;
    const a: Script = async (connection) => {
      await connection.request();
      await connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      try {
        for (;;) await connection.send(`400\r\n${"x".repeat(1024)}\r\n`);
      } finally {
        closed++;
      }
    };
    return proxyScene({ a }, {}, async (scene) => {
      const socket = await scene.connect();
      await writeAll(socket, bytesOf("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
      await socket.recv(1000);
      await socket.close();
      await scene.sleep(2);
      assert.equal(closed, 1);
    });
  });

  test("trailers go on both ways, but for what may not be one", () =>
    proxyScene(
      {
        a: forEach((connection) =>
          connection.send(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\nSet-Cookie: a=1\r\n\r\n",
          ),
        ),
      },
      {},
      async (scene) => {
        const body = "5\r\nhello\r\n0\r\nX-Sum: 2\r\nHost: evil\r\nX-Forwarded-For: evil\r\n\r\n";
        const answer = await scene.raw(
          `POST / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
        );
        assert.match(answer, /5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n$/);
        assert.match(scene.a.requests[0]?.raw ?? "", /5\r\nhello\r\n0\r\nX-Sum: 2\r\n\r\n$/);
      },
    ));

  test("speaks HTTP/1.0 on either side", () => {
    const a: Script = async (connection) => {
      await connection.request();
      await connection.send("HTTP/1.0 200 OK\r\n\r\nuntil the end");
    };
    return proxyScene({ a }, {}, async (scene) => {
      const answer = await scene.fetch("/");
      assert.deepEqual([await answer.text(), answer.headers.get("via")], ["until the end", "1.0 netarium"]);
      assert.match(await scene.raw("GET /old HTTP/1.0\r\n\r\n"), /Connection: close.*\r\n\r\nuntil the end<end>$/s);
      const head = scene.a.requests[1]?.head ?? "";
      assert.match(head, /^GET \/old HTTP\/1\.1\r\nHost: 10\.0\.0\.3\r\n/);
      assert.match(head, /\r\nVia: 1\.0 netarium\r\n/);
    });
  });

  test("takes the host of absolute-form for that of the request", () =>
    proxyScene({ a: hello }, {}, async (scene) => {
      await scene.raw("GET http://right.test:8080/x?y HTTP/1.1\r\nHost: wrong.test\r\n\r\n");
      const head = scene.a.requests[0]?.head ?? "";
      assert.match(head, /^GET \/x\?y HTTP\/1\.1\r\nHost: right\.test:8080\r\n/);
      assert.match(head, /Forwarded: for=10\.0\.0\.1;proto=http;host="right\.test:8080"/);
      assert.doesNotMatch(head, /wrong/);
    }));

  test("shows upstreams their own name where it is to, and keeps them out of Location", () => {
    const a = forEach((c) => c.answer("302 Found", "", `Location: ${A}/base/there?x#y`));
    const routes = [{ path: "/app", to: [{ url: `${A}/base` }], host: "upstream" as const, strip: true }];
    return proxyScene({ a }, { routes }, async (scene) => {
      const answer = await scene.fetch("/app/x", { redirect: "manual", headers: { Host: "site.test" } });
      assert.equal(answer.headers.get("location"), "/app/there?x#y");
      assert.match(scene.a.requests[0]?.head ?? "", /Host: 10\.0\.0\.3\r\n.*X-Forwarded-Host: site\.test/s);
      assert.equal((await scene.fetch("/elsewhere")).status, 404);
    });
  });

  test("100 (Continue) is the upstream's to say", () => {
    const a: Script = async (connection) => {
      const request = await connection.request(false);
      await connection.answer("200 OK", request?.body);
    };
    const waiting: Script = async (connection) => {
      const bytes = await connection.socket.recv(65_536);
      const isRefused = Buffer.from(bytes).includes("/refused");
      await connection.send(`HTTP/1.1 ${isRefused ? "401 No\r\nContent-Length: 0" : "100 Continue"}\r\n\r\n`);
      if (isRefused) return;
      const body = await connection.socket.recv(65_536);
      await connection.answer("200 OK", Buffer.from(body).toString());
    };
    const head = (path: string): string =>
      `POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`;
    return proxyScene({ a: waiting, b: a }, {}, async (scene) => {
      const socket = await scene.connect();
      await writeAll(socket, bytesOf(head("/")));
      assert.equal(await hear(socket), "HTTP/1.1 100 Continue\r\n\r\n");
      await writeAll(socket, bytesOf("hello"));
      assert.match(await hear(socket), /200 OK.*hello$/s);
      await socket.close();
      assert.match(await scene.raw(head("/refused")), /^HTTP\/1\.1 401 /);
    });
  });

  test("what comes before the answer comes through, but not to old clients", () => {
    const hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: X\r\nX: 1\r\n\r\n";
    const a = forEach((c) => c.send(`${hints}HTTP/1.1 199 Odd\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`));
    return proxyScene({ a }, {}, async (scene) => {
      const heard = await scene.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      const heads =
        "HTTP/1\\.1 103 Early Hints\r\nLink: </a\\.css>; rel=preload\r\nVia: 1\\.1 netarium\r\n\r\nHTTP/1\\.1 199 \\w*\r\n";
      assert.match(heard, new RegExp(`^${heads}Via: 1\\.1 netarium\r\n\r\nHTTP/1\\.1 200 OK\r\n`));
      assert.match(await scene.raw("GET / HTTP/1.0\r\nHost: h\r\n\r\n"), /^HTTP\/1\.1 200 OK\r\n/);
    });
  });

  test("what leaves HTTP is passed on as it is, both ways", () => {
    const a: Script = async (connection) => {
      const request = await connection.request();
      assert.match(request?.head ?? "", /\r\nUpgrade: echo\r\nConnection: Upgrade\r\n/);
      await connection.send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-Key: 1\r\n\r\nfirst ",
      );
      for (;;) {
        const bytes = await connection.socket.recv(65_536);
        if (bytes.length === 0) break;
        await connection.send(bytes);
      }
      await connection.send("bye");
    };
    const routes = [{ path: "/", to: [{ url: A }], upgrades: ["Echo"] }];
    return proxyScene({ a }, { routes }, async (scene) => {
      const socket = await scene.connect();
      await writeAll(
        socket,
        bytesOf("GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: h2c, echo\r\n\r\nearly "),
      );
      assert.match(await hear(socket), /^HTTP\/1\.1 101 .*X-Key: 1.*\r\n\r\nfirst early $/s);
      await writeAll(socket, bytesOf("late"));
      assert.equal(await hear(socket), "late");
      await socket.shutdown("write");
      assert.equal(await hear(socket), "bye<end>");
      await socket.close();
    });
  });

  test("nobody leaves HTTP for what may carry requests past it", () => {
    const a: Script = async (connection) => {
      const request = await connection.request();
      if (request?.target === "/plain") return connection.answer("200 OK", "http");
      await connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    };
    return proxyScene({ a }, {}, async (scene) => {
      const ask = (path: string, protocol: string): Promise<string> =>
        scene.raw(
          `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: x\r\n\r\n`,
        );
      assert.match(await ask("/plain", "h2c"), /^HTTP\/1\.1 200 /);
      assert.doesNotMatch(scene.a.requests[0]?.head ?? "", /Upgrade|HTTP2|Connection/);
      for (const protocol of ["h2c", "websocket"]) assert.match(await ask("/", protocol), /^HTTP\/1\.1 502 /);
    });
  });

  test("a tunnel ends when one side breaks off or nothing passes for long", () => {
    const a: Script = async (connection) => {
      const request = await connection.request();
      await connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
      if (request?.target === "/breaks") connection.socket.setsockopt("SO_LINGER", 0);
      else await connection.socket.recv(1);
    };
    const routes = [{ path: "/", to: [{ url: A }], upgrades: ["echo"] }];
    return proxyScene({ a }, { routes, tunnelIdle: seconds(30) }, async (scene) => {
      for (const path of ["/breaks", "/rests"]) {
        const socket = await scene.connect();
        await writeAll(
          socket,
          bytesOf(`GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n`),
        );
        await scene.sleep(path === "/rests" ? 31 : 1);
        assert.match(await hear(socket), /<ECONNRESET>$/);
        await socket.close();
      }
    });
  });

  test("answers HEAD with the length of GET, and statuses without a body", () =>
    proxyScene(
      {
        a: forEach((connection, { method }) =>
          connection.send(
            method === "HEAD"
              ? "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
              : 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
          ),
        ),
      },
      {},
      async (scene) => {
        const head = await scene.fetch("/", { method: "HEAD" });
        assert.deepEqual([head.headers.get("content-length"), await head.text()], ["500", ""]);
        assert.equal((await scene.fetch("/")).headers.get("etag"), '"x"');
        assert.equal(scene.a.connections, 1);
      },
    ));

  test("goes round no circle, and answers itself what is for it", () =>
    proxyScene({ a: hello }, {}, async (scene) => {
      const via = new Array(10).fill("1.1 netarium").join(", ");
      assert.equal((await scene.fetch("/", { headers: { Via: via } })).status, 508);
      assert.equal((await scene.fetch("/", { method: "OPTIONS", headers: { "Max-Forwards": "0" } })).status, 204);
      assert.match(await scene.raw("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"), /^HTTP\/1\.1 204 .*\r\nAllow: /s);
      assert.match(await scene.raw("TRACE / HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\n\r\n"), /^HTTP\/1\.1 405 /);
      assert.match(await scene.raw("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"), /^HTTP\/1\.1 501 /);
      assert.equal(scene.a.requests.length, 0);
      await scene.text("/", { method: "OPTIONS", headers: { "Max-Forwards": "5" } });
      assert.match(scene.a.requests[0]?.head ?? "", /\r\nMax-Forwards: 4\r\n/);
    }));

  test("neither side is read faster than the other takes it", () => {
    let sent = 0;
    const a: Script = async (connection) => {
      await connection.request();
      await connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (; sent < 20_000_000; sent += 65_536) await connection.send(`10000\r\n${"x".repeat(65_536)}\r\n`);
      await connection.send("0\r\n\r\n");
    };
    return proxyScene({ a }, {}, async (scene) => {
      const answer = await scene.fetch("/");
      await scene.sleep(5);
      assert.ok(sent < 15_000_000, `${sent} bytes went out though nobody reads`);
      let length = 0;
      for await (const piece of answer.pieces()) length += piece.length;
      assert.ok(length >= 20_000_000);
    });
  });
});
