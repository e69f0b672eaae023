import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { HttpClient } from "../../src/application/http/client/client.ts";
import { CookieJar } from "../../src/application/http/client/cookie-jar.ts";
import { simulate } from "../../src/platform/node/testing.ts";
import { chunks } from "../../src/socket/tcp.ts";
import { milliseconds, seconds } from "../../src/time/instant.ts";
import { causeOf, hello, network, scene, URL1 } from "../fixtures/http-scene.ts";
import { forEach, type Script, ScriptedServer } from "../fixtures/scripted-server.ts";

describe("a request", () => {
  test("goes out with Host first and what is usual, and its answer is a Response", async () => {
    await scene(hello, async ({ client, server }) => {
      const response = await client.fetch("http://10.0.0.2/a%20b?c=d#e", { headers: { "X-Own": "1" } });
      assert.deepEqual([response.status, response.statusText, response.ok], [200, "OK", true]);
      assert.deepEqual([response.url, response.redirected], ["http://10.0.0.2/a%20b?c=d", false]);
      assert.equal(await response.text(), "hello");
      assert.equal(
        server.raw[0],
        "GET /a%20b?c=d HTTP/1.1\r\nHost: 10.0.0.2\r\nX-Own: 1\r\nAccept: */*\r\n" +
          "Accept-Encoding: gzip, deflate, br, zstd\r\nUser-Agent: netarium\r\n\r\n",
      );
    });
  });

  test("carries a body with its length, in one piece with the head when it is short", async () => {
    await scene(hello, async ({ client, server }) => {
      await (await client.fetch(URL1, { method: "POST", body: "naïve" })).text();
      await (await client.fetch(URL1, { method: "PUT", body: new Uint8Array(100_000).fill(65) })).text();
      await (await client.fetch(URL1, { method: "POST" })).text();
      await (await client.fetch(URL1, { method: "POST", body: new URLSearchParams({ a: "b c" }) })).text();
      const [first, second, third, fourth] = server.requests;
      assert.match(first?.head ?? "", /\r\nContent-Type: text\/plain;charset=UTF-8\r\n.*\r\nContent-Length: 6\r\n/s);
      assert.equal(first?.body, "na\u00c3\u00afve");
      assert.equal(second?.body, "A".repeat(100_000));
      assert.match(third?.head ?? "", /\r\nContent-Length: 0\r\n/);
      assert.equal(fourth?.body, "a=b+c");
    });
  });

  test("streams a body in chunks, or with the length that is told", async () => {
    async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
      for (const text of ["one", "", "two"]) yield Buffer.from(text);
    }
    await scene(hello, async ({ client, server }) => {
      await (await client.fetch(URL1, { method: "POST", body: pieces() })).text();
      await (await client.fetch(URL1, { method: "POST", body: pieces(), headers: { "content-length": "6" } })).text();
      assert.match(server.raw[0] ?? "", /Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/);
      assert.match(server.raw[1] ?? "", /Content-Length: 6\r\n\r\nonetwo$/);
      const short = client.fetch(URL1, { method: "POST", body: pieces(), headers: { "content-length": "7" } });
      await assert.rejects(short, /shorter than its 7 bytes/);
    });
  });

  test("waits for 100 (Continue) when its body is large, for a second at most (RFC 9110 §10.1.1)", async () => {
    const script: Script = async (connection) => {
      await connection.request(connection.number === 1);
      await connection.answer("200 OK", "thanks");
      await connection.request();
    };
    const body = "x".repeat(5000);
    await scene(
      script,
      async ({ client, server, context }) => {
        for (const slowest of [100e6, 1100e6]) {
          const began = context.clock.now();
          await (await client.fetch(URL1, { method: "POST", body })).text();
          const time = context.clock.now() - began;
          assert.ok(time < slowest && time > slowest - 100e6, `${time}`);
          assert.equal(server.requests.at(-1)?.body, body);
          await client.fetch(URL1, { signal: AbortSignal.abort() }).catch(() => {});
          await context.clock.sleep(seconds(5));
        }
      },
      { expectContinueAbove: 1000 },
    );
  });

  test("does not send a body that is refused before it was sent", async () => {
    const refusing: Script = async (connection) => {
      await connection.socket.recv(65_536);
      await connection.answer("413 Content Too Large", "no");
      assert.equal((await connection.socket.recv(65_536)).length, 0, "the body was sent");
    };
    await scene(
      refusing,
      async ({ client }) => {
        const response = await client.fetch(URL1, { method: "PUT", body: "x".repeat(5000) });
        assert.deepEqual([response.status, await response.text()], [413, "no"]);
      },
      { expectContinueAbove: 1000 },
    );
  });

  test("goes out again without asking, to a server that knows no Expect (RFC 9110 §10.1.1)", async () => {
    const script: Script = async (connection) => {
      for (let first = true; ; first = false) {
        const head = Buffer.from(await connection.socket.recv(65_536)).toString();
        if (head === "") return;
        if (first && head.includes("Expect: 100-continue")) await connection.answer("417 Expectation Failed", "no");
        else await connection.answer("200 OK", /\r\n\r\n(.*)$/s.exec(head)?.[1]);
      }
    };
    await scene(script, async ({ client }) => {
      const response = await client.fetch(URL1, { method: "POST", body: "once", headers: { Expect: "100-continue" } });
      assert.deepEqual([response.status, await response.text()], [200, "once"]);
    });
  });

  test("is answered by what the server said before it closed in the middle of a long body", async () => {
    const script: Script = async (connection) => {
      await connection.socket.recv(1000);
      await connection.answer("413 Content Too Large", "too much", "Connection: close");
      await connection.socket.shutdown("write");
      for await (const _ of chunks(connection.socket));
    };
    await scene(script, async ({ client }) => {
      const response = await client.fetch(URL1, { method: "POST", body: new Uint8Array(3_000_000) });
      assert.deepEqual([response.status, await response.text()], [413, "too much"]);
    });
  });
});

describe("an answer", () => {
  test("comes by length, in chunks with trailers, or to the end of the connection", async () => {
    const script = forEach(async (connection, { target }) => {
      if (target === "/length") await connection.answer("200 OK", "abc");
      if (target === "/chunked") {
        await connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
        await connection.send("2\r\nbc\r\n0\r\nX-Sum: 3\r\n\r\n");
      }
      if (target === "/together") {
        await connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 3\r\n\r\n");
      }
      if (target === "/close") {
        await connection.send("HTTP/1.0 200 OK\r\n\r\nabc");
        await connection.socket.close();
      }
    });
    await scene(script, async ({ client, server }) => {
      for (const path of ["length", "chunked", "close"]) {
        assert.equal(await (await client.fetch(URL1 + path)).text(), "abc", path);
      }
      for (const path of ["chunked", "together"]) {
        const pieces = (await client.fetch(URL1 + path)).pieces();
        for await (const _ of pieces);
        assert.deepEqual([...(pieces.trailers as Iterable<unknown>)], [["X-Sum", "3"]], path);
      }
      assert.equal(server.connections, 2, "the third answer ended the first connection");
    });
  });

  test("is the final one: those of 1xx are passed over (RFC 9110 §15.2)", async () => {
    const script = forEach(async (connection) => {
      await connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n");
      await connection.answer("200 OK", "hello");
    });
    await scene(script, async ({ client }) => {
      assert.equal(await (await client.fetch(URL1)).text(), "hello");
      assert.equal(await (await client.fetch(URL1)).text(), "hello");
    });
  });

  test("of 1xx without end is refused", async () => {
    const script = forEach((connection) => connection.send("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(200)));
    await scene(script, async ({ client }) => {
      await assert.rejects(client.fetch(URL1), causeOf("HPE_STRICT"));
    });
  });

  test("to HEAD, of 204 and of 304 has no body, whatever its fields say (RFC 9112 §6.3)", async () => {
    const script = forEach(async (connection, { target }) => {
      await connection.send(`HTTP/1.1 ${target.slice(1)} X\r\nContent-Length: 5\r\n\r\n`);
    });
    await scene(script, async ({ client, server }) => {
      assert.equal((await client.fetch(`${URL1}200`, { method: "HEAD" })).body, null);
      assert.equal((await client.fetch(`${URL1}204`)).body, null);
      assert.equal(await (await client.fetch(`${URL1}304`)).text(), "");
      assert.equal(server.connections, 1);
    });
  });

  test("is expanded, one coding after the other, and one that is unknown stays", async () => {
    const twice = gzipSync(gzipSync("hello ".repeat(1000)));
    const script = forEach(async (connection, { target }) => {
      if (target === "/transfer" || target === "/strange") {
        const body = gzipSync("hello");
        const coding = target === "/strange" ? "pack200" : "gzip";
        await connection.send(
          `HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}, chunked\r\n\r\n${body.length.toString(16)}\r\n`,
        );
        await connection.send(body);
        await connection.send("\r\n0\r\n\r\n");
        return;
      }
      const coding = target === "/unknown" ? "pack200" : "gzip, x-gzip";
      const body = target === "/cut" ? twice.subarray(0, 40) : twice;
      await connection.send(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`);
      await connection.send(body);
    });
    await scene(script, async ({ client }) => {
      const response = await client.fetch(URL1);
      assert.equal(await response.text(), "hello ".repeat(1000));
      assert.equal(response.headers.get("content-encoding"), "gzip, x-gzip");
      assert.deepEqual(Buffer.from(await (await client.fetch(`${URL1}unknown`)).bytes()), twice);
      await assert.rejects(async () => (await client.fetch(`${URL1}cut`)).text());
      const left = await client.fetch(URL1);
      await left.body?.cancel();
      assert.equal(await (await client.fetch(`${URL1}transfer`)).text(), "hello");
      await assert.rejects(client.fetch(`${URL1}strange`), causeOf("HPE_INVALID_TRANSFER_ENCODING"));
    });
  });

  test("that is no HTTP, or not whole, is an error that says so", async () => {
    const answers: Record<string, [string, string]> = {
      "/rubbish": ["hello\r\n\r\n", "HPE_INVALID_CONSTANT"],
      "/lengths": [
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HPE_UNEXPECTED_CONTENT_LENGTH",
      ],
      "/long": [`HTTP/1.1 200 OK\r\nX: ${"y".repeat(50_000)}\r\n\r\n`, "HPE_HEADER_OVERFLOW"],
      "/nothing": ["", "ECONNRESET"],
      "/half": ["HTTP/1.1 200 OK\r\nContent-Le", "ECONNRESET"],
      "/switch": ["HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", "HPE_STRICT"],
    };
    const script: Script = async (connection) => {
      const request = await connection.request();
      await connection.send(answers[request?.target ?? ""]?.[0] ?? "");
      await connection.socket.shutdown("write");
      for await (const _ of chunks(connection.socket));
    };
    await scene(script, async ({ client }) => {
      for (const [path, [, code]] of Object.entries(answers)) {
        await assert.rejects(client.fetch(`http://10.0.0.2${path}`), causeOf(code), path);
      }
    });
  });

  test("whose body is cut short fails where it is read", async () => {
    const script: Script = async (connection) => {
      const request = await connection.request();
      const chunked = request?.target === "/chunked";
      const framing = chunked ? "Transfer-Encoding: chunked\r\n\r\nff\r\n" : "Content-Length: 100\r\n\r\n";
      await connection.send(`HTTP/1.1 200 OK\r\n${framing}abc`);
    };
    await scene(script, async ({ client }) => {
      for (const path of ["chunked", "length"]) {
        const response = await client.fetch(URL1 + path);
        await assert.rejects(response.text(), { code: "ECONNRESET" }, path);
      }
    });
  });
});

describe("redirects", () => {
  const script = forEach(async (connection, { target, method }) => {
    const [, status = "", to = ""] = /^\/(\d+)\/(.*)$/.exec(target) ?? [];
    if (status === "") await connection.answer("200 OK", `${method} ${target}`);
    else await connection.answer(`${status} X`, "moved", `Location: ${to}`);
  });

  test("are followed as browsers do", async () => {
    await scene(script, async ({ client, server }) => {
      const response = await client.fetch(`${URL1}302//end#f`, { method: "POST", body: "x", headers: { "X-A": "1" } });
      assert.equal(await response.text(), "GET /end");
      assert.deepEqual([response.url, response.redirected], ["http://10.0.0.2/end", true]);
      assert.doesNotMatch(server.requests[1]?.head ?? "", /content-(type|length)/i);
      assert.match(server.requests[1]?.head ?? "", /X-A: 1/);
      assert.equal(await (await client.fetch(`${URL1}307//end`, { method: "POST", body: "x" })).text(), "POST /end");
      assert.equal(server.requests.at(-1)?.body, "x");
      assert.equal(server.connections, 1, "bodies of redirects are read, so that the connection serves on");
    });
  });

  test("end after 20, and when they lead nowhere", async () => {
    await scene(script, async ({ client }) => {
      let url = "/end";
      for (let n = 0; n < 20; n++) url = `/302/${url}`;
      assert.equal(await (await client.fetch(`http://10.0.0.2${url}`)).text(), "GET /end");
      await assert.rejects(client.fetch(`http://10.0.0.2/302/${url}`), /more than 20/);
      await assert.rejects(client.fetch(`${URL1}302/ftp://x/`), /ftp/);
      async function* stream(): AsyncGenerator<Uint8Array, void, void> {
        yield Buffer.from("x");
      }
      await assert.rejects(client.fetch(`${URL1}308//end`, { method: "POST", body: stream() }), /sent already/);
    });
  });

  test("are given back or refused when that is asked for", async () => {
    await scene(script, async ({ client }) => {
      const manual = await client.fetch(`${URL1}302//end`, { redirect: "manual" });
      assert.deepEqual([manual.status, await manual.text()], [302, "moved"]);
      await assert.rejects(client.fetch(`${URL1}302//end`, { redirect: "error" }), /redirected to \/end/);
    });
  });

  test("to another origin tell it no confidences", async () => {
    await simulate({ network }, async ({ host }) => {
      const servers = [80, 81].map((port) => ({ port, server: new ScriptedServer(script) }));
      for (const { port, server } of servers) {
        host("server").run((context) => server.listen(context, port).then(() => new Promise(() => {})), `on ${port}`);
      }
      const run = host("client").run(async (context) => {
        await context.clock.sleep(milliseconds(100));
        const client = new HttpClient(context);
        const headers = { Authorization: "Basic eDp5", Cookie: "a=b", "X-Open": "1" };
        await (await client.fetch("http://10.0.0.2/302//here", { headers })).text();
        await (await client.fetch("http://10.0.0.2/302/http://10.0.0.2:81/", { headers })).text();
      });
      await run.ended;
      assert.equal(run.state, "done", String(run.error));
      assert.match(servers[0]?.server.requests[1]?.head ?? "", /Authorization: .*Cookie: /s);
      assert.match(servers[1]?.server.raw[0] ?? "", /^GET \/ HTTP\/1\.1\r\nHost: 10\.0\.0\.2:81\r\nX-Open: 1\r\n/);
      assert.doesNotMatch(servers[1]?.server.raw[0] ?? "", /authorization|cookie/i);
    });
  });
});

test("cookies are kept and sent, those of redirects too", async () => {
  const script = forEach(async (connection, { target }) => {
    if (target === "/login")
      await connection.answer("302 Found", "", "Location: /", "Set-Cookie: id=1", "Set-Cookie: b=2");
    else await connection.answer("200 OK", "x", "Set-Cookie: b=; Max-Age=0");
  });
  await scene(
    script,
    async ({ client, server }) => {
      await (await client.fetch(`${URL1}login`, { method: "POST", headers: { Cookie: "own=0" } })).text();
      await (await client.fetch(URL1)).text();
      const sent = server.requests.map(({ head }) => /\r\nCookie: (.*)\r\n/.exec(head)?.[1]);
      assert.deepEqual(sent, ["own=0", "own=0; id=1; b=2", "id=1"]);
    },
    ({ clock }) => ({ cookies: new CookieJar({ clock }) }),
  );
});

describe("what cannot be asked at all", () => {
  test("says why, and where", async () => {
    await scene(hello, async ({ client, context }) => {
      await assert.rejects(client.fetch("http://10.0.0.2:81/"), causeOf("ECONNREFUSED"));
      await assert.rejects(
        client.fetch("http://10.0.0.2:81/"),
        /GET http:\/\/10\.0\.0\.2:81\/ failed: .*10\.0\.0\.2:81/,
      );
      await assert.rejects(client.fetch("http://nowhere.test/"), causeOf("ENOTFOUND"));
      const plain = new HttpClient({ ...context, tls: undefined });
      await assert.rejects(plain.fetch("https://10.0.0.2/"), causeOf("EPROTONOSUPPORT"));
      await assert.rejects(client.fetch("ftp://10.0.0.2/"), TypeError);
      await assert.rejects(client.fetch("nothing"), TypeError);
      await assert.rejects(client.fetch(URL1, { headers: { a: "b\r\nc: d" } }), TypeError);
    });
  });
});

test("of several addresses of a name the first that answers is taken", async () => {
  await scene(hello, async ({ context, server }) => {
    const names = { lookup: async () => ["10.0.0.1", "10.0.0.2"] };
    const client = new HttpClient({ ...context, names });
    assert.equal(await (await client.fetch("http://many.test/")).text(), "hello");
    assert.match(server.raw[0] ?? "", /^GET \/ HTTP\/1\.1\r\nHost: many\.test\r\n/);
    const nobody = new HttpClient({ ...context, names: { lookup: async () => ["10.0.0.1", "10.0.0.1"] } });
    await assert.rejects(nobody.fetch("http://many.test/"), causeOf("ECONNREFUSED"));
    await client.close();
  });
});

describe("leaving HTTP", () => {
  const script: Script = async (connection) => {
    const request = await connection.request();
    if (request?.target === "/no") {
      await connection.answer("426 Upgrade Required", "no");
      return;
    }
    await connection.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nearly");
    for await (const chunk of chunks(connection.socket)) await connection.send(chunk);
  };

  test("gives the socket, and what came after the head (RFC 9110 §7.8)", async () => {
    await scene(script, async ({ client, server }) => {
      const upgraded = await client.upgrade("ws://10.0.0.2/", "echo", { headers: { "X-A": "b" } });
      assert.ok(upgraded.socket !== undefined);
      assert.match(server.raw[0] ?? "", /X-A: b\r\nConnection: Upgrade\r\nUpgrade: echo\r\n/);
      assert.equal(upgraded.response.headers.get("upgrade"), "echo");
      assert.equal(Buffer.from(upgraded.head).toString(), "early");
      await upgraded.socket.send(Buffer.from("hello"));
      assert.equal(Buffer.from(await upgraded.socket.recv(100)).toString(), "hello");
      await upgraded.socket.close();
    });
  });

  test("gives the answer of a server that does not", async () => {
    await scene(script, async ({ client }) => {
      const { response, socket } = await client.upgrade("http://10.0.0.2/no", "echo");
      assert.deepEqual([response.status, await response.text(), socket], [426, "no", undefined]);
    });
  });
});

test("a proxy is asked for whole URLs, and knows who asks (RFC 9112 §3.2.2)", async () => {
  await scene(
    hello,
    async ({ client, server }) => {
      assert.equal(await (await client.fetch("http://far.test:8080/a?b")).text(), "hello");
      assert.match(
        server.raw[0] ?? "",
        /^GET http:\/\/far\.test:8080\/a\?b HTTP\/1\.1\r\nHost: far\.test:8080\r\n.*Proxy-Authorization: Basic bWU6eA==\r\n/s,
      );
    },
    { proxy: "http://me:x@10.0.0.2:80" },
  );
});
