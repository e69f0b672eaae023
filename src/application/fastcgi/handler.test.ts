import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import fc from "fast-check";
import { requestInfo } from "../../../test/fixtures/request-info.ts";
import { type Asked, responder } from "../../../test/fixtures/responder.ts";
import { VirtualLan } from "../../../test/fixtures/virtual-lan.ts";
import { size } from "../../../test/size.ts";
import { seconds } from "../../time/instant.ts";
import { GATEWAY_MESSAGES } from "../cgi/respond.ts";
import { Request } from "../http/request.ts";
import { Response } from "../http/response.ts";
import { formatMessage } from "../program.ts";
import { ResponderConnections } from "./connections.ts";
import { type FastCgiOptions, fastCgi } from "./handler.ts";
import { encodeRecords, RecordType } from "./record.ts";

const text = new TextEncoder();

describe("the FastCGI gateway", () => {
  let lan: VirtualLan;
  let log: string[];
  let asked: Asked[];

  beforeEach(() => {
    lan = new VirtualLan(["gateway", "responder"]);
    log = [];
    asked = [];
  });

  /** Lets time go on until something is there. */
  async function until<T>(promise: Promise<T>): Promise<T> {
    let open = true;
    const done = (): void => {
      open = false;
    };
    promise.then(done, done);
    for (let turn = 0; open && turn < 500; turn++) await lan.run(seconds(0.5));
    return promise;
  }

  async function gateway(answer: (asked: Asked) => Promise<void>, given: Partial<FastCgiOptions> = {}, keep = true) {
    await until(
      responder(lan.host("responder").sockets, 9000, (each) => {
        asked.push(each);
        return answer(each);
      }),
    );
    const connections = new ResponderConnections({
      sockets: lan.host("gateway").sockets,
      address: { address: "10.0.0.2", port: 9000 },
      connections: 2,
      waiting: 1,
      keep,
      connectTime: seconds(5),
    });
    return fastCgi({
      clock: lan.clock(),
      log: (code, parameters = {}) => log.push(formatMessage(GATEWAY_MESSAGES, code, parameters)),
      name: "php",
      connections,
      script: (path) => (path.startsWith("/app") ? { scriptName: "/app", pathInfo: path.slice(4) } : undefined),
      keep,
      idle: seconds(10),
      gather: 1000,
      withoutLength: "refuse",
      ...given,
    });
  }

  const request = (path = "/app/x", init: ConstructorParameters<typeof Request>[1] = {}): Request =>
    new Request(`http://site.test${path}`, init);
  const ask = async (handler: Awaited<ReturnType<typeof gateway>>, what = request(), info = requestInfo()) =>
    (await until(Promise.resolve(handler(what, info)))) as Response;
  const textOf = (response: Response): Promise<string> => until(response.text());

  const hello = async (each: Asked): Promise<void> => {
    await each.complete;
    await each.write("Content-Type: text/plain\r\nX-A: b\r\n\r\nhello ");
    await each.write(each.input);
    await each.end();
  };

  test("variables and input go in, head and body come out", async () => {
    const handler = await gateway(hello);
    const response = await ask(handler, request("/app/x%20y?q", { method: "POST", body: "world" }));
    assert.deepEqual([response.status, response.headers.get("x-a")], [200, "b"]);
    assert.equal(await textOf(response), "hello world");
    const { PATH_INFO, CONTENT_LENGTH, REQUEST_URI, QUERY_STRING } = asked[0]?.variables ?? {};
    assert.deepEqual([PATH_INFO, CONTENT_LENGTH, REQUEST_URI, QUERY_STRING], ["/x y", "5", "/app/x%20y?q", "q"]);
  });

  test("a connection is used again when both its streams have ended", async () => {
    const handler = await gateway(hello);
    for (const _ of [1, 2, 3]) assert.equal(await textOf(await ask(handler)), "hello ");
    assert.deepEqual(
      asked.map(({ before }) => before),
      [0, 1, 2],
    );
  });

  test("a connection on which input is left is not used again, unless the responder is ours", async () => {
    const answer = async (each: Asked): Promise<void> => {
      await each.write("Status: 200 OK\n\nno thanks");
      await each.end();
    };
    const never = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
    for (const own of [false, true]) {
      asked = [];
      lan = new VirtualLan(["gateway", "responder"]);
      const handler = await gateway(answer, { own });
      const headers = { "Content-Length": "10" };
      const first = await ask(handler, request("/app", { method: "POST", body: own ? "0123456789" : never, headers }));
      assert.equal(await textOf(first), "no thanks");
      assert.equal(await textOf(await ask(handler)), "no thanks");
      assert.deepEqual(
        asked.map(({ before }) => before),
        own ? [0, 1] : [0, 0],
      );
    }
  });

  test("a kept connection that the responder has closed is replaced", async () => {
    const handler = await gateway(async (each) => {
      await hello(each);
      await each.socket.close();
    });
    for (const _ of [1, 2]) assert.equal(await textOf(await ask(handler)), "hello ");
    // What may not be sent twice is not sent into a connection that is known to be closed.
    const upload = request("/app", { method: "POST", body: "world" });
    assert.equal(await textOf(await ask(handler, upload)), "hello world");
  });

  test("what the responder says aside is logged, line by line", async () => {
    const handler = await gateway(async (each) => {
      await each.write("one\ntw", RecordType.stderr);
      await each.write("o", RecordType.stderr);
      await hello(each);
    });
    await textOf(await ask(handler));
    assert.deepEqual(log, ["php: one", "php: two"]);
  });

  test("an answer that breaks off is an error for its reader", async () => {
    const handler = await gateway(async (each) => {
      await each.write("Status: 200\n\nhalf");
      await each.socket.close();
    });
    const response = await ask(handler);
    await assert.rejects(textOf(response), /in the middle of its answer/);
    assert.match(log[0] ?? "", /the answer to GET \/app\/x was cut off/);
  });

  test("a status other than 0 breaks the answer of our own responder only", async () => {
    const answer = async (each: Asked): Promise<void> => {
      await each.write("Status: 200\n\nhalf");
      await each.end(1);
    };
    assert.equal(await textOf(await ask(await gateway(answer))), "half");
    lan = new VirtualLan(["gateway", "responder"]);
    await assert.rejects(textOf(await ask(await gateway(answer, { own: true }))), /failed in the middle/);
  });

  test("no answer is 502, and the log says why", async () => {
    const answers: [(each: Asked) => Promise<void>, RegExp][] = [
      [(each) => each.socket.close(), /without an answer/],
      [(each) => each.end(), /ended without an answer/],
      [(each) => each.write("nonsense\n\n"), /no field/],
      [(each) => each.end(0, 2), /overloaded/],
      [async (each) => void (await each.socket.send(new Uint8Array(16).fill(9))), /version 9/],
    ];
    for (const [answer, why] of answers) {
      lan = new VirtualLan(["gateway", "responder"]);
      log = [];
      assert.equal((await ask(await gateway(answer))).status, 502);
      assert.match(log.join(), why);
    }
    lan = new VirtualLan(["gateway", "responder"]);
    const nobody = await gateway(hello);
    lan.cables.get("responder")?.unplug();
    assert.equal((await ask(nobody)).status, 502);
  });

  test("one that does nothing for too long is 504, but not while it takes input", async () => {
    const handler = await gateway(() => new Promise(() => {}));
    assert.equal((await ask(handler)).status, 504);
    lan = new VirtualLan(["gateway", "responder"]);
    const patient = await gateway(hello);
    let count = 0;
    const clock = lan.clock();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await clock.sleep(seconds(6));
        if (++count === 5) controller.close();
        else controller.enqueue(text.encode("x"));
      },
    });
    const slow = request("/app", { method: "POST", body, headers: { "Content-Length": "4" } });
    assert.equal(await textOf(await ask(patient, slow)), "hello xxxx");
  });

  test("one request more than may wait is 503", async () => {
    const handler = await gateway(() => new Promise(() => {}));
    const slow = [1, 2, 3].map(() => Promise.resolve(handler(request(), requestInfo())));
    await lan.run(seconds(1));
    const response = await ask(handler);
    assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "1"]);
    await until(Promise.all(slow));
  });

  test("when the client has gone the connection closes; our own responder is told, and serves on", async () => {
    for (const own of [false, true]) {
      asked = [];
      lan = new VirtualLan(["gateway", "responder"]);
      const handler = await gateway(
        async (each) => {
          if (each.variables.PATH_INFO === "/next") return hello(each);
          await each.write("Status: 200\n\nhalf");
          while (!each.aborted) await each.write("more");
          await each.end(1);
        },
        { own },
      );
      const gone = new AbortController();
      const headers = { "Content-Length": "100" };
      const body = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
      const upload = request("/app/first", { method: "POST", body, headers });
      const response = await ask(handler, upload, requestInfo({ signal: gone.signal }));
      gone.abort();
      await assert.rejects(textOf(response));
      assert.equal(await textOf(await ask(handler, request("/app/next"))), "hello ");
      assert.deepEqual(
        asked.map(({ before }) => before),
        own ? [0, 1] : [0, 0],
      );
    }
  });

  test("input that breaks off never passes for the whole", async () => {
    const handler = await gateway(hello, { own: true });
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("the client has gone"));
      },
    });
    const response = ask(handler, request("/app", { method: "POST", body, headers: { "Content-Length": "9" } }));
    await assert.rejects(response, /the client has gone/);
    assert.equal(asked[0]?.aborted, true);
  });

  test("a body of unknown length is gathered up to a limit, and refused or passed on beyond", async () => {
    const stream = async function* (length: number): AsyncGenerator<Uint8Array, void, void> {
      yield text.encode("x".repeat(length));
    };
    const handler = await gateway(hello);
    await textOf(await ask(handler, request("/app", { method: "POST", body: stream(900) })));
    assert.equal(asked[0]?.variables.CONTENT_LENGTH, "900");
    assert.equal((await ask(handler, request("/app", { method: "POST", body: stream(1001) }))).status, 411);
    lan = new VirtualLan(["gateway", "responder"]);
    const passing = await gateway(hello, { withoutLength: "pass" });
    const response = await ask(passing, request("/app", { method: "POST", body: stream(1001) }));
    assert.equal((await textOf(response)).length, 1007);
    assert.equal(asked.at(-1)?.variables.CONTENT_LENGTH, undefined);
  });

  test("a local redirect is answered by the site, and not for ever", async () => {
    const seen: string[] = [];
    const away = async (each: Asked): Promise<void> => {
      await each.write("Location: /other?x\n\n");
      await each.end();
    };
    const handler = await gateway(away, {
      site: (next) => {
        seen.push(`${next.method} ${next.target} ${next.headers.get("content-length")}`);
        return new Response("there");
      },
    });
    assert.equal(await textOf(await ask(handler, request("/app", { method: "POST", body: "abc" }))), "there");
    assert.deepEqual(seen, ["GET /other?x null"]);
    lan = new VirtualLan(["gateway", "responder"]);
    const loop = await gateway(async (each) => {
      await each.write("Location: /app\n\n");
      await each.end();
    });
    assert.equal((await ask(loop)).status, 502);
    assert.match(log.join(), /more than 10 local redirects/);
  });

  test("HEAD and statuses without a body get none", async () => {
    const handler = await gateway(async (each) => {
      await each.write(`Status: ${each.variables.REQUEST_METHOD === "HEAD" ? 200 : 304}\nContent-Length: 4\n\nbody`);
      await each.end();
    });
    const head = await ask(handler, request("/app", { method: "HEAD" }));
    assert.deepEqual([head.headers.get("content-length"), await textOf(head)], ["4", ""]);
    assert.equal(await textOf(await ask(handler)), "");
  });

  test("whatever a responder says there is an answer, or an end of it", async () => {
    const piece = fc.oneof(
      fc.constant(encodeRecords(RecordType.stdout, text.encode("Status: 200\n\nhello"))),
      fc.constant(encodeRecords(RecordType.endRequest, new Uint8Array(8))),
      fc.constant(encodeRecords(RecordType.stderr, text.encode("aside\n"))),
      fc
        .tuple(fc.constant(1), fc.nat(12), fc.constant(0), fc.nat(2), fc.nat(1), fc.nat(255), fc.nat(9))
        .map((head) => Uint8Array.from([...head, 0])),
      fc.uint8Array({ maxLength: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.boolean(), async (pieces, own) => {
        lan = new VirtualLan(["gateway", "responder"]);
        const handler = await gateway(
          async (each) => {
            for (const bytes of pieces) await each.socket.send(bytes);
            await each.socket.close();
          },
          { own },
        );
        const response = await ask(handler);
        assert.ok([200, 502].includes(response.status), `${response.status}`);
        await textOf(response).catch(() => {});
      }),
      { numRuns: size(100, 10_000) },
    );
  });

  test("a path without a script is 404", async () => {
    assert.equal((await ask(await gateway(hello), request("/elsewhere"))).status, 404);
  });
});
