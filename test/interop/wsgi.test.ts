import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import type { RequestInfo } from "../../src/application/http/handler.ts";
import { Request } from "../../src/application/http/request.ts";
import type { Response } from "../../src/application/http/response.ts";
import type { LogParameters } from "../../src/application/program.ts";
import { type WsgiGateway, type WsgiOptions, wsgi } from "../../src/platform/node/gateway/wsgi.ts";
import { osContext } from "../../src/platform/node/os-context.ts";
import { requestInfo } from "../fixtures/request-info.ts";
import { findTool, requireTool } from "../require.ts";

const APPS = join(import.meta.dirname, "apps");

/** A Python application behind the gateway, without a server before it. */
class Application {
  readonly log: [string, LogParameters][] = [];
  readonly stop = new AbortController();
  #gateway: WsgiGateway | undefined;
  #waiting: (() => void)[] = [];

  static async start(options: Partial<WsgiOptions> = {}): Promise<Application> {
    const application = new Application();
    await application.#start({ app: "plain:application", folder: APPS, workers: 1, ...options });
    return application;
  }

  async #start(options: WsgiOptions): Promise<void> {
    const write = (code: string, parameters: LogParameters = {}): void => {
      this.log.push([code, parameters]);
      for (const resolve of this.#waiting.splice(0)) resolve();
    };
    this.#gateway = await wsgi(osContext({ signal: this.stop.signal, log: write }), options);
  }

  async ask(path: string, init: ConstructorParameters<typeof Request>[1] = {}, info: Partial<RequestInfo> = {}) {
    const { handler } = this.#gateway as WsgiGateway;
    return (await handler(new Request(`http://site.test${path}`, init), requestInfo(info))) as Response;
  }

  async text(path: string, init: ConstructorParameters<typeof Request>[1] = {}): Promise<string> {
    return (await this.ask(path, init)).text();
  }

  /** Waits for a line of the log. */
  async logged(code: string, fits: (parameters: LogParameters) => boolean = () => true): Promise<LogParameters> {
    for (;;) {
      const found = this.log.find((line) => line[0] === code && fits(line[1]));
      if (found !== undefined) return found[1];
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async close(): Promise<void> {
    await this.#gateway?.close();
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a WSGI application", { timeout: 300_000, skip: findTool("python3") === undefined }, () => {
  let app: Application;
  before(async () => {
    app = await Application.start();
  });
  after(() => app.close());
  beforeEach(() => {
    app.log.length = 0;
  });

  test("answers, with a length for a body of one piece and each Set-Cookie apart", async () => {
    const answer = await app.ask("/hello");
    assert.deepEqual([answer.status, answer.statusText, answer.headers.get("content-length")], [200, "OK", "5"]);
    assert.deepEqual([answer.headers.getSetCookie(), await answer.text()], [["a=1", "b=2"], "hello"]);
  });

  test("is told of the request as PEP 3333 has it", async () => {
    const headers = { Host: "site.test", "X-A": "b", X_A: "evil", Proxy: "evil" };
    const told = await app.text("/environment?q=%20", { method: "POST", body: "abc", headers });
    const names = [
      ...["CONTENT_LENGTH", "CONTENT_TYPE", "GATEWAY_INTERFACE", "HTTP_HOST", "HTTP_X_A", "PATH_INFO", "QUERY_STRING"],
      ...["REMOTE_ADDR", "REMOTE_PORT", "REQUEST_METHOD", "REQUEST_SCHEME", "REQUEST_URI", "SCRIPT_NAME"],
      ...["SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE"],
    ];
    const list = names.map((name) => `'${name}'`).join(", ");
    assert.equal(told, `([${list}], [(1, 0), 'http', True], 'q=%20', '3')`);
  });

  test("reads its input as it comes, and answers piece by piece", async () => {
    let more: (text: string) => void = () => {};
    const body = (async function* () {
      yield encode("one");
      yield encode(await new Promise<string>((resolve) => (more = resolve)));
    })();
    const answer = await app.ask("/lazily", { method: "POST", body, headers: { "Content-Length": "6" } });
    const pieces = answer.pieces()[Symbol.asyncIterator]();
    assert.deepEqual((await pieces.next()).value, new Uint8Array(encode("one")));
    more("two");
    assert.deepEqual((await pieces.next()).value, new Uint8Array(encode("two")));
    assert.equal((await pieces.next()).done, true);
  });

  test("gets a large body whole, by pieces, by lines, and without a length told", async () => {
    const large = "0123456789".repeat(200_000);
    const headers = { "Content-Length": String(large.length) };
    assert.equal(await app.text("/echo", { method: "POST", body: large, headers }), large);
    assert.equal(await app.text("/echo", { method: "POST", body: large }), large);
    assert.equal(await app.text("/lines", { method: "POST", body: "a\nb\n\nc" }), "[a][b][][c]");
  });

  test("may use write, a file wrapper, and start_response again after an error", async () => {
    assert.equal(await app.text("/written"), "one two three");
    assert.equal(await app.text("/file"), readFileSync(join(APPS, "plain.py"), "utf8"));
    const answer = await app.ask("/recovers");
    assert.deepEqual([answer.status, await answer.text()], [503, "later"]);
    assert.equal((await app.ask("/nothing")).status, 204);
  });

  test("gives HEAD no body", async () => {
    const answer = await app.ask("/hello", { method: "HEAD" });
    assert.deepEqual([answer.status, await answer.text()], [200, ""]);
  });

  test("that fails before its answer gives 500, and the log has the traceback", async () => {
    for (const path of ["/raises", "/exits", "/splits", "/hop"]) {
      app.log.length = 0;
      const answer = await app.ask(path);
      assert.deepEqual([path, answer.status, await answer.text()], [path, 500, "500 Internal Server Error\n"]);
      await app.logged("script-said", ({ line }) => String(line).startsWith("Traceback"));
    }
  });

  test("that fails in the middle leaves no whole answer, and serves on", async () => {
    for (const path of ["/raises-late", "/too-long", "/too-short"]) {
      await assert.rejects(app.text(path), /in the middle/);
      assert.equal(await app.text("/hello"), "hello");
    }
    await app.logged("script-said", ({ line }) => String(line).includes("shorter than its Content-Length"));
  });

  test("that dies in the middle leaves no whole answer, and is started again", async () => {
    const before = await app.text("/pid");
    await assert.rejects(app.text("/dies"), /in the middle/);
    await app.logged("worker-died");
    assert.equal((await app.ask("/hello")).status, 503);
    await app.logged("worker-ready");
    assert.notEqual(await app.text("/pid"), before);
  });

  test("is heard when it speaks aside", async () => {
    assert.equal(await app.text("/says"), "said");
    for (const said of ["aside", "printed"]) await app.logged("script-said", ({ line }) => line === said);
  });

  test("is told when nobody wants its answer, closes it, and serves on", async () => {
    const before = await app.text("/pid");
    const answer = await app.ask("/endless");
    const pieces = answer.pieces()[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.return?.();
    assert.equal(await app.text("/was-closed"), "True");
    assert.equal(await app.text("/pid"), before);
  });

  test("whose client goes in the middle of its input is not told that this was all", async () => {
    const gone = new AbortController();
    const body = (async function* () {
      yield encode("one");
      gone.abort();
      await new Promise(() => {});
    })();
    const headers = { "Content-Length": "6" };
    const answer = await app.ask("/lazily", { method: "POST", body, headers }, { signal: gone.signal });
    assert.notEqual(await answer.text().catch(() => "cut off"), "one");
    assert.equal(await app.text("/hello"), "hello");
  });
});

describe("the workers of a WSGI application", { timeout: 300_000 }, () => {
  let app: Application | undefined;
  afterEach(() => app?.close());

  test("answer as many requests at once as there are of them", async (t) => {
    if (!requireTool(t, "python3")) return;
    app = await Application.start({ workers: 2, app: "plain:factory()" });
    const answers = await Promise.all([app.ask("/endless"), app.ask("/hello")]);
    assert.equal(await answers[1].text(), "hello");
    const waiting = Promise.all([app.text("/pid"), app.text("/pid")]);
    await answers[0].pieces()[Symbol.asyncIterator]().return?.();
    assert.equal((await waiting).length, 2);
  });

  test("that are killed while they rest are missed by nobody", async (t) => {
    if (!requireTool(t, "python3")) return;
    app = await Application.start({ workers: 2 });
    process.kill(Number(await app.text("/pid")), "SIGKILL");
    for (const _ of [1, 2, 3]) assert.equal(await app.text("/hello"), "hello");
    const { why } = await app.logged("worker-died");
    assert.equal(why, "ended by SIGKILL");
  });

  test("that do nothing for too long are replaced", async (t) => {
    if (!requireTool(t, "python3")) return;
    app = await Application.start({ idle: 0.2 });
    assert.equal((await app.ask("/silent")).status, 504);
    const { why } = await app.logged("worker-died");
    assert.equal(why, "ended by SIGKILL");
    await app.logged("worker-ready", () => app?.log.filter(([code]) => code === "worker-ready").length === 2);
    assert.equal(await app.text("/hello"), "hello");
  });

  test("finish what they do when they are closed", async (t) => {
    if (!requireTool(t, "python3")) return;
    app = await Application.start();
    let more: () => void = () => {};
    const body = (async function* () {
      yield encode("one");
      await new Promise<void>((resolve) => (more = resolve));
      yield encode("two");
    })();
    const answer = await app.ask("/lazily", { method: "POST", body, headers: { "Content-Length": "6" } });
    const closing = app.close();
    more();
    assert.equal(await answer.text(), "onetwo");
    await closing;
    assert.equal((await app.ask("/hello")).status, 503);
    assert.equal(
      app.log.some(([code]) => code === "worker-died"),
      false,
    );
  });

  test("keep PEP 3333 in the eyes of wsgiref.validate", async (t) => {
    if (!requireTool(t, "python3")) return;
    app = await Application.start({ app: "plain:validated" });
    assert.equal(await app.text("/hello"), "hello");
    assert.equal(await app.text("/echo", { method: "POST", body: "x".repeat(200_000) }), "x".repeat(200_000));
    assert.equal(await app.text("/written"), "one two three");
    assert.equal((await app.ask("/hello", { method: "HEAD" })).status, 200);
    assert.match(await app.text("/environment?a"), /'QUERY_STRING'/);
    assert.deepEqual(
      app.log.filter(([, { line }]) => /AssertionError|Warning/.test(String(line))),
      [],
    );
  });

  test("of an application that cannot be loaded do not start, and the log says why", async (t) => {
    if (!requireTool(t, "python3")) return;
    await assert.rejects(Application.start({ app: "nowhere:app" }), /the application cannot be loaded/);
    await assert.rejects(Application.start({ app: "plain:nothing_such" }), /cannot be loaded/);
    await assert.rejects(
      Application.start({ python: "/no/such/python" }),
      /there is no interpreter \/no\/such\/python/,
    );
    await assert.rejects(Application.start({ python: APPS }), /cannot be started/);
  });

  test("that cannot find what they are to load say so once, in a line", async (t) => {
    if (!requireTool(t, "python3")) return;
    const said = async (app: string): Promise<unknown[]> => {
      const log: LogParameters[] = [];
      const context = osContext({
        signal: new AbortController().signal,
        log: (_code, parameters = {}) => log.push(parameters),
      });
      await assert.rejects(wsgi(context, { app, folder: APPS, workers: 3 }));
      return log.map(({ line }) => line);
    };
    assert.deepEqual(await said("nowhere:app"), [`there is no module nowhere in ${APPS}, nor where Python looks else`]);
    assert.deepEqual(await said("plain:no_such"), ["the module plain has no no_such"]);
    assert.deepEqual(await said("json"), ["the module json has no application: name what is called, as in json:app"]);
  });
});
