import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, test } from "node:test";
import { WebSocket } from "ws";
import type { Heard, WatcherChannel } from "../../../engine/channel.ts";

import { type LabServer, serveLab, UNKNOWN_LIMIT, WATCHER_LIMITS, WATCHERS_LIMIT } from "./lab-server.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string): Heard | undefined => {
  try {
    const value = JSON.parse(text) as Heard;
    return typeof value?.type === "string" ? value : undefined;
  } catch {
    return undefined;
  }
};

describe("the lab's server", () => {
  let server: LabServer;
  let watchers: { channel: WatcherChannel; heard: Heard[]; closed: boolean }[];
  let clients: WebSocket[];

  beforeEach(async () => {
    watchers = [];
    clients = [];
    server = await serveLab({
      port: 0,
      page: new Map([
        ["/", encode('<meta content="{nonce}">')],
        ["/main-ABCDEFGH.js", encode("1;")],
      ]),
      read,
      admit: (channel) => {
        const watcher = { channel, heard: [] as Heard[], closed: false };
        channel.onMessage = (message) => watcher.heard.push(message);
        channel.onClose = () => {
          watcher.closed = true;
        };
        watchers.push(watcher);
        channel.send({ type: "terminal-closed", terminal: watchers.length });
      },
    });
  });
  afterEach(async () => {
    for (const client of clients) client.terminate();
    await server.close();
  });

  /** What comes back for a request written byte by byte. */
  const raw = async (...lines: string[]): Promise<string> => {
    const socket = connect(server.port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
    });
    socket.write(`${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`);
    await once(socket, "close");
    return answer;
  };
  const status = async (...lines: string[]): Promise<number> => Number((await raw(...lines)).split(" ")[1]);
  const own = (): string => `127.0.0.1:${server.port}`;

  const dial = (options: { origin?: string; host?: string } = {}): WebSocket => {
    const { origin = `http://${own()}`, host = own() } = options;
    const headers = { Host: host };
    const client = new WebSocket(`ws://${own()}/engine`, { origin, headers, perMessageDeflate: false });
    client.on("error", () => {});
    clients.push(client);
    return client;
  };
  const opened = async (options: { origin?: string; host?: string } = {}): Promise<WebSocket> => {
    const client = dial(options);
    await once(client, "open");
    return client;
  };
  /** The status with which a handshake is refused. */
  const refusal = async (options: { origin?: string; host?: string }): Promise<number> => {
    const client = dial(options);
    const [, response] = (await once(client, "unexpected-response")) as [unknown, { statusCode: number }];
    return response.statusCode;
  };
  const closing = async (client: WebSocket): Promise<number> => ((await once(client, "close")) as [number])[0];
  const said = async (client: WebSocket): Promise<unknown> =>
    JSON.parse(`${((await once(client, "message")) as [Buffer])[0]}`);
  const hello = (token: string | undefined): string => JSON.stringify({ type: "hello", version: 1, token });
  const admitted = async (): Promise<WebSocket> => {
    const client = await opened();
    client.send(hello(server.token));
    await said(client);
    return client;
  };

  test("gives its files, with headers that shut everybody else out", async () => {
    const answer = await raw("GET / HTTP/1.1", `Host: ${own()}`);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    for (const header of [
      "Cross-Origin-Opener-Policy: same-origin",
      "Cross-Origin-Resource-Policy: same-origin",
      "X-Content-Type-Options: nosniff",
      "Referrer-Policy: no-referrer",
      "Cache-Control: no-store",
    ]) {
      assert.ok(answer.toLowerCase().includes(header.toLowerCase()), header);
    }
    const policy = /content-security-policy: (.*)\r/i.exec(answer)?.[1] ?? "";
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-([\w+/=]{24})';/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.doesNotMatch(answer, /access-control/i);
    const [, nonce] = /'nonce-(.*?)'/.exec(policy) ?? [];
    assert.ok(answer.endsWith(`<meta content="${nonce}">`));
    assert.ok(!(await raw("GET / HTTP/1.1", `Host: ${own()}`)).includes(nonce as string), "a nonce is used once");
    const script = await raw("GET /main-ABCDEFGH.js HTTP/1.1", `Host: ${own()}`);
    assert.match(script, /content-type: text\/javascript; charset=utf-8\r/i);
    assert.match(script, /immutable/);
  });

  test("answers to this machine's own names with its port, and to no other", async () => {
    for (const host of ["127.0.0.1", "localhost", "LocalHost", "[::1]"]) {
      assert.equal(await status("GET / HTTP/1.1", `Host: ${host}:${server.port}`), 200, host);
    }
    for (const host of [
      "127.0.0.1",
      `127.0.0.1:${server.port + 1}`,
      `rebound.example:${server.port}`,
      "localhost",
      `127.0.0.2:${server.port}`,
      `localhost.:${server.port}`,
      "",
    ]) {
      assert.equal(await status("GET / HTTP/1.1", `Host: ${host}`), 421, host);
    }
    assert.equal(await status("GET / HTTP/1.0"), 421, "no Host at all");
    assert.equal(
      await status(`GET http://evil.example/ HTTP/1.1`, `Host: ${own()}`),
      421,
      "a target that names another",
    );
  });

  test("leads by an invitation to the token once", async () => {
    const host = `Host: ${own()}`;
    const { pathname: path, host: at } = new URL(server.invite());
    assert.equal(at, own());
    assert.ok(!path.includes(server.token), "what others can read is not the token");
    assert.equal(await status(`HEAD ${path} HTTP/1.1`, host), 405, "what only looks at links does not spend it");
    assert.equal(await status(`GET ${path} HTTP/1.1`, "Host: evil.example"), 421);
    assert.equal(await status(`GET ${path.slice(0, -1)} HTTP/1.1`, host), 410, "not quite it");
    const answer = await raw(`GET ${path} HTTP/1.1`, host);
    assert.match(answer, /^HTTP\/1\.1 303 /);
    assert.ok(answer.includes(`ocation: /#token=${server.token}\r`), answer);
    assert.match(answer, /cache-control: no-store\r/i);
    assert.equal(await status(`GET ${path} HTTP/1.1`, host), 410, "it is spent");
    const older = new URL(server.invite()).pathname;
    const newer = new URL(server.invite()).pathname;
    assert.equal(await status(`GET ${older} HTTP/1.1`, host), 410, "a newer one has taken its place");
    assert.equal(await status(`GET ${newer} HTTP/1.1`, host), 303);
    assert.equal(await status("GET /open/ HTTP/1.1", host), 410);
  });

  test("gives known files alone, and lets them only be read", async () => {
    const host = `Host: ${own()}`;
    assert.equal(await status("HEAD / HTTP/1.1", host), 200);
    for (const path of [
      "/index.html",
      "/../package.json",
      "/%2e%2e/package.json",
      "/main-ABCDEFGH.js/",
      "//",
      "/favicon.ico",
    ]) {
      assert.equal(await status(`GET ${path} HTTP/1.1`, host), 404, path);
    }
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"]) {
      assert.equal(await status(`${method} / HTTP/1.1`, host, "Content-Length: 0"), 405, method);
    }
  });

  test("refuses a WebSocket of another origin, of none, and one for another host", async () => {
    const { port } = server;
    for (const origin of [
      "http://evil.example",
      `http://localhost:${port}`,
      `https://127.0.0.1:${port}`,
      "null",
      `http://127.0.0.1:${port + 1}`,
    ]) {
      assert.equal(await refusal({ origin }), 403, origin);
    }
    const upgrade = [
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ];
    assert.equal(await status("GET /engine HTTP/1.1", `Host: ${own()}`, ...upgrade), 403, "no Origin");
    assert.equal(await refusal({ host: `rebound.example:${port}`, origin: `http://rebound.example:${port}` }), 421);
    const local = await opened({ host: `localhost:${port}`, origin: `http://localhost:${port}` });
    assert.equal(local.readyState, WebSocket.OPEN);
    assert.deepEqual(watchers, []);
  });

  test("refuses who has no token, a wrong one, or that of an earlier start", async () => {
    const earlier = await serveLab({ port: 0, page: new Map(), read, admit: () => {} });
    await earlier.close();
    assert.match(server.token, /^[\w-]{43}$/);
    assert.notEqual(earlier.token, server.token);
    for (const token of [undefined, "", server.token.slice(1), `${server.token}A`, earlier.token]) {
      const client = await opened();
      client.send(hello(token));
      assert.deepEqual(await said(client), { type: "refusal", code: "token", version: 1 }, token);
      assert.equal(await closing(client), 4001);
    }
    assert.deepEqual(watchers, []);
  });

  test("lets several tabs in with the token, whose messages then go to the engine in order", async () => {
    const [first, second] = [await admitted(), await admitted()];
    assert.equal(watchers.length, 2);
    for (const id of [1, 2, 3]) first.send(JSON.stringify({ type: "request", id, method: "snapshot", params: {} }));
    first.close();
    await closing(first);
    assert.deepEqual(
      watchers[0]?.heard.map((each) => (each as { id: number }).id),
      [1, 2, 3],
    );
    assert.ok(watchers[0]?.closed);
    assert.equal(second.readyState, WebSocket.OPEN);
    assert.equal(watchers[1]?.closed, false);
  });

  test("lets go who says nothing within 2 s", async () => {
    const client = await opened();
    assert.equal(await closing(client), 4002);
  });

  test("lets go who says anything before hello, or what is no message at any time", async () => {
    for (const text of ["{", "null", '{"type":"request","id":1,"method":"snapshot","params":{}}', "\u0000"]) {
      const client = await opened();
      client.send(text);
      assert.equal(await closing(client), 4000, text);
    }
    const binary = await opened();
    binary.send(Buffer.from(hello(server.token)));
    assert.equal(await closing(binary), 4000);
    const known = await admitted();
    known.send("[]");
    assert.equal(await closing(known), 4000);
    assert.ok(watchers[0]?.closed);
  });

  test("lets go who sends a message that is too long, or too many", async () => {
    const long = await opened();
    long.send("x".repeat((WATCHER_LIMITS.messageBytes ?? 0) + 1));
    assert.equal(await closing(long), 1009);
    const many = await admitted();
    const request = JSON.stringify({ type: "request", id: 1, method: "snapshot", params: {} });
    for (let sent = 0; sent < 10_000; sent++) many.send(request);
    assert.equal(await closing(many), 1008);
    assert.ok((watchers[0]?.heard.length ?? 0) < 10_000);
  });

  test("has room for so many watchers, and for so many who have not said who they are", async () => {
    for (let index = 0; index < WATCHERS_LIMIT; index++) await admitted();
    const more = await opened();
    more.send(hello(server.token));
    assert.deepEqual(await said(more), { type: "refusal", code: "busy", version: 1 });
    await closing(more);
    const silent = await Promise.all(Array.from({ length: UNKNOWN_LIMIT }, () => opened()));
    assert.equal(await refusal({}), 503);
    silent[0]?.close();
    await closing(silent[0] as WebSocket);
    assert.equal((await opened()).readyState, WebSocket.OPEN);
  });

  test("is reached on this machine alone", () => {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
  });
});
