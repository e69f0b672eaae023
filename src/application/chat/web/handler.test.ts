import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { VirtualLan } from "../../../../test/fixtures/virtual-lan.ts";
import { Random } from "../../../base/random.ts";
import type { Clock } from "../../../socket/clock.ts";
import { type Duration, seconds } from "../../../time/instant.ts";
import type { RequestInfo } from "../../http/handler.ts";
import { Request } from "../../http/request.ts";
import type { Response } from "../../http/response.ts";
import { Chat } from "../chat.ts";
import { MemoryStore } from "../memory-store.ts";
import type { ChatEvent } from "../message.ts";
import { Room } from "../room.ts";
import { ChatWeb } from "./handler.ts";
import type { Passwords } from "./passwords.ts";
import type { Reply } from "./people.ts";

const ORIGIN = "http://chat.test";
const plain: Passwords = {
  hash: async (password) => `hash of ${password}`,
  verify: async (password, hash) => hash === `hash of ${password}`,
};

describe("the chat by pages", () => {
  let lan: VirtualLan;
  let store: MemoryStore;
  let chat: Chat;
  let web: ChatWeb;

  beforeEach(() => {
    lan = new VirtualLan(["server"]);
    store = new MemoryStore();
    serve();
  });

  const serve = (options: Partial<ConstructorParameters<typeof ChatWeb>[0]> = {}): void => {
    const clock = lan.clock();
    chat = new Chat({ store, date: () => clock.date() });
    const work = <T>(promise: Promise<T>): Promise<T> => promise;
    web = new ChatWeb({ chat, clock, random: new Random(1), work, passwords: plain, ...options });
  };

  const info = (over: Partial<RequestInfo> = {}): RequestInfo => ({
    local: { address: "10.0.0.1", port: 80 },
    remote: { address: "10.0.0.9", port: 4000 },
    tls: undefined,
    signal: new AbortController().signal,
    waitUntil: () => {},
    upgrade: () => {
      throw new TypeError("no upgrade here");
    },
    ...over,
  });

  const get = async (path: string, headers: Record<string, string> = {}, about = info()): Promise<Response> => {
    const request = new Request(`${ORIGIN}${path}`, { headers: { Host: "chat.test", ...headers } });
    return (await web.handler(request, about)) as Response;
  };
  const post = async (
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
    about = info(),
  ): Promise<Response> => {
    const all = { Host: "chat.test", Origin: ORIGIN, "Content-Type": "application/json", ...headers };
    const request = new Request(`${ORIGIN}${path}`, { method: "POST", headers: all, body: JSON.stringify(body) });
    return (await web.handler(request, about)) as Response;
  };
  /** The Cookie that a browser sends after a response. */
  const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const guest = async (name: string): Promise<string> => cookieOf(await post("/session", { name }));
  const ask = async (cookie: string, asked: unknown): Promise<Reply> =>
    (await (await post("/ask", asked, { Cookie: cookie })).json()) as Reply;
  const say = (cookie: string, text: string, id: string): Promise<Reply> =>
    ask(cookie, { type: "say", room: "lobby", id, text });

  test("serves the page's files with a policy that allows no inline script", async () => {
    for (const [path, type] of [
      ["/", "text/html"],
      ["/chat.js", "text/javascript"],
      ["/chat.css", "text/css"],
      ["/chat.svg", "image/svg+xml"],
    ] as const) {
      const response = await get(path);
      assert.equal(response.status, 200, path);
      assert.ok(response.headers.get("content-type")?.startsWith(type));
      const policy = response.headers.get("content-security-policy") ?? "";
      assert.match(policy, /default-src 'none'.*script-src 'self'/);
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    }
    const html = await (await get("/")).text();
    assert.doesNotMatch(html, /<script(?![^>]*src=)|\son\w+=|style=/, "nothing inline");
    assert.equal((await get("/../../etc/passwd")).status, 404);
    assert.equal((await get("/nothing")).status, 404);
    assert.equal((await post("/chat.js", {})).status, 405);
  });

  test("a guest gets a cookie of 256 bits that scripts do not see, and the store holds only its SHA-256", async () => {
    const kept: string[] = [];
    store.putSession = (digest) => kept.push(digest);
    const response = await post("/session", { name: "Ada" });
    const [cookie = ""] = response.headers.getSetCookie();
    assert.match(cookie, /^chat=[0-9a-f]{64}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
    assert.match(kept[0] ?? "", /^[0-9a-f]{64}$/);
    assert.ok(!cookie.includes(kept[0] ?? ""));
    assert.deepEqual(await response.json(), { you: { name: "Ada", registered: false } });
  });

  test("over TLS, or behind a proxy that speaks it, the cookie is __Host- and Secure", async () => {
    const secure = info({ tls: {} as never });
    const response = await post("/session", { name: "Ada" }, { Origin: "https://chat.test" }, secure);
    assert.match(response.headers.getSetCookie()[0] ?? "", /^__Host-chat=.*; Secure; HttpOnly/);
    assert.equal((await post("/session", { name: "Ada" }, {}, secure)).status, 403, "http is another origin");
    serve({ origins: ["https://chat.example"] });
    const proxied = await post("/session", { name: "Ada" }, { Origin: "https://chat.example" });
    assert.match(proxied.headers.getSetCookie()[0] ?? "", /^__Host-chat=.*Secure/);
    assert.equal((await post("/session", { name: "Ada" })).status, 403);
  });

  test("a POST or an upgrade from another origin, or from none, is refused", async () => {
    const cookie = await guest("Ada");
    for (const origin of [
      "http://evil.test",
      "null",
      "http://chat.test:81",
      "https://chat.test",
      "http://chat.test.evil",
    ]) {
      assert.equal((await post("/session", { name: "x" }, { Origin: origin })).status, 403, origin);
      const upgrade = {
        ...{ Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Version": "13" },
        ...{ "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", Cookie: cookie, Origin: origin },
      };
      assert.equal((await get("/socket", upgrade)).status, 403, origin);
    }
    const request = new Request(`${ORIGIN}/session`, { method: "POST", headers: { Host: "chat.test" }, body: "{}" });
    assert.equal(((await web.handler(request, info())) as Response).status, 403);
  });

  test("a POST that is no JSON, or too long, is refused", async () => {
    assert.equal((await post("/session", { name: "Ada" }, { "Content-Type": "text/plain" })).status, 400);
    assert.equal((await post("/session", { name: "x".repeat(20_000) })).status, 400);
    assert.equal((await post("/session", { name: "***" })).status, 400);
  });

  test("without a session nobody speaks, hears or opens a socket", async () => {
    assert.equal((await post("/ask", { type: "rooms" })).status, 401);
    assert.equal((await get("/events?room=lobby")).status, 401);
    assert.equal((await get("/socket", { Origin: ORIGIN })).status, 401);
    assert.equal((await post("/ask", { type: "rooms" }, { Cookie: `chat=${"0".repeat(64)}` })).status, 401);
  });

  test("what is said by POST is heard by lines, once, and a second sending gets the first acknowledgement", async () => {
    const heard: string[] = [];
    const line = chat.enter((spoken) => heard.push(spoken.text), "bob");
    const room = chat.join(line, "lobby");
    assert.ok(room instanceof Room);
    const cookie = await guest("Ada");
    const first = await say(cookie, "hello", "id-00001");
    assert.equal(first.type, "ack");
    assert.deepEqual(await say(cookie, "hello", "id-00001"), first);
    assert.deepEqual(heard, ["Ada: hello"]);
    assert.deepEqual(await say(cookie, " ", "id-00002"), { type: "refused", why: "empty", id: "id-00002" });
    assert.equal((await ask(cookie, { type: "say", room: "lobby", id: "short", text: "x" })).type, "refused");
  });

  /** Takes what a stream of events brings, as virtual time goes on. */
  const listen = async (cookie: string, query: string, headers: Record<string, string> = {}) => {
    const response = await get(`/events?${query}`, { Cookie: cookie, ...headers });
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    const heard: (Reply | ChatEvent)[] = [];
    const ids: string[] = [];
    const reader = (response.body as NonNullable<typeof response.body>).getReader();
    const decoder = new TextDecoder();
    let ended = false;
    void (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        for (const line of decoder.decode(value).split("\n")) {
          if (line.startsWith("data: ")) heard.push(JSON.parse(line.slice(6)));
          if (line.startsWith("id: ")) ids.push(line.slice(4));
        }
      }
      ended = true;
    })();
    const pass = (time: Duration = seconds(0.1)): Promise<void> => lan.run(time);
    await pass();
    return { heard, ids, pass, cancel: () => reader.cancel(), ended: () => ended };
  };
  const texts = (heard: (Reply | ChatEvent)[]): string[] =>
    heard.flatMap((each) => {
      const all = each.type === "room" ? each.messages : [each];
      return all.flatMap((one) => (one.type === "message" ? [one.text] : []));
    });

  test("a page by events hears the room, and when it comes back only what it missed, however much that is", async () => {
    const [ada, bob] = [await guest("Ada"), await guest("Bob")];
    await say(ada, "before", "id-00001");
    const first = await listen(bob, "room=lobby");
    await say(ada, "while here", "id-00002");
    await first.pass();
    assert.deepEqual(first.heard.map(({ type }) => type).slice(0, 3), ["you", "room", "rooms"]);
    assert.deepEqual(texts(first.heard), ["before", "while here"]);
    await first.cancel();
    const line = chat.enter(() => {}, "liner");
    for (let n = 0; n < 1_234; n++) chat.say(line, "lobby", `missed ${n}`);
    const second = await listen(bob, "room=lobby", { "Last-Event-ID": first.ids.at(-1) ?? "" });
    chat.say(line, "lobby", "live");
    await second.pass();
    assert.deepEqual(texts(second.heard), [...Array.from({ length: 1_234 }, (_, n) => `missed ${n}`), "live"]);
    web.close();
    await second.pass();
    assert.ok(second.ended());
  });

  test("who comes and goes is told, but not who is back within the grace", async () => {
    const heard: string[] = [];
    const line = chat.enter((spoken) => heard.push(spoken.text), "liner");
    chat.join(line, "lobby");
    const ada = await guest("Ada");
    const first = await listen(ada, "room=lobby");
    await first.cancel();
    await first.pass();
    const second = await listen(ada, "room=lobby");
    await second.pass(seconds(10));
    assert.deepEqual(heard, ["* Ada joined"]);
    assert.equal((await ask(ada, { type: "nick", name: "Countess" })).type, "you");
    await second.cancel();
    await second.pass(seconds(10));
    assert.deepEqual(heard, ["* Ada joined", "* Ada is now Countess", "* Countess left"]);
    assert.deepEqual(await (await get("/session", { Cookie: ada })).json(), {
      you: { name: "Countess", registered: false },
      registration: true,
    });
  });

  test("when it is closed nothing is waited for any more, so that a program ends at once", async () => {
    const real = lan.clock();
    let waiting = 0;
    const after: Clock["after"] = (duration, callback) => {
      waiting++;
      const cancel = real.after(duration, () => {
        waiting--;
        callback();
      });
      return () => {
        waiting--;
        cancel();
      };
    };
    serve({ clock: { now: () => real.now(), date: () => real.date(), sleep: (...all) => real.sleep(...all), after } });
    const page = await listen(await guest("Ada"), "room=lobby");
    await page.cancel();
    await page.pass();
    assert.equal(waiting, 2, "whether Ada comes back, and sessions that end");
    web.close();
    assert.equal(waiting, 0);
  });

  test("earlier messages are told a stretch at a time", async () => {
    const ada = await guest("Ada");
    const line = chat.enter(() => {}, "liner");
    for (let n = 1; n <= 120; n++) chat.say(line, "lobby", `${n}`);
    const page = await listen(ada, "room=lobby");
    const room = page.heard.find((each) => each.type === "room");
    assert.ok(room?.type === "room" && room.earlier && room.messages.length === 50);
    const earlier = await ask(ada, { type: "earlier", room: "lobby", before: 71 });
    assert.ok(earlier.type === "earlier" && earlier.earlier && texts([...earlier.messages]).join() === range(21, 70));
    const first = await ask(ada, { type: "earlier", room: "lobby", before: 21 });
    assert.ok(first.type === "earlier" && !first.earlier && texts([...first.messages]).join() === range(1, 20));
  });
  const range = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, n) => from + n).join();

  test("a sign-in gives a new cookie, the old one means nothing, and the name is nobody else's", async () => {
    const before = await guest("Grace");
    const page = await listen(before, "room=lobby");
    const registered = await post("/register", { name: "Grace", password: "correct horse" }, { Cookie: before });
    assert.equal(registered.status, 200);
    const cookie = cookieOf(registered);
    assert.notEqual(cookie, before);
    await page.pass();
    assert.ok(page.ended(), "the page of the old session is let go");
    assert.equal((await post("/ask", { type: "rooms" }, { Cookie: before })).status, 401);
    assert.equal((await post("/ask", { type: "rooms" }, { Cookie: cookie })).status, 200);
    const other = await guest("grace");
    assert.deepEqual(await ask(other, { type: "nick", name: "GRACE" }), { type: "refused", why: "name-taken" });
    assert.equal((await post("/sign-in", { name: "grace", password: "wrong horse" })).status, 403);
    const again = await post("/sign-in", { name: "grace", password: "correct horse" });
    assert.deepEqual(await again.json(), { you: { name: "Grace", registered: true } });
    assert.equal((await post("/register", { name: "Grace", password: "another horse" })).status, 409);
    assert.equal((await post("/register", { name: "Short", password: "short" })).status, 400);
    const out = await post("/sign-out", {}, { Cookie: cookieOf(again) });
    assert.match(out.headers.getSetCookie()[0] ?? "", /Max-Age=0/);
    assert.equal((await post("/ask", { type: "rooms" }, { Cookie: cookieOf(again) })).status, 401);
  });

  test("passwords are tried so often only, for a name and from an address", async () => {
    await post("/register", { name: "Grace", password: "correct horse" });
    const from = (n: number) => info({ remote: { address: `10.0.1.${n}`, port: 1 } });
    for (let n = 0; n < 5; n++) {
      assert.equal((await post("/sign-in", { name: "Grace", password: `wrong ${n}` }, {}, from(n))).status, 403);
    }
    const late = await post("/sign-in", { name: "Grace", password: "correct horse" }, {}, from(9));
    assert.equal(late.status, 429);
    assert.equal(late.headers.get("retry-after"), "900");
    for (let n = 0; n < 20; n++) await post("/sign-in", { name: `n${n}`, password: "wrong horse" }, {}, from(1));
    assert.equal((await post("/sign-in", { name: "Other", password: "wrong horse" }, {}, from(1))).status, 429);
    await lan.run(seconds(901));
    assert.equal((await post("/sign-in", { name: "Grace", password: "correct horse" }, {}, from(1))).status, 200);
  });

  test("who has signed in may try again as often as before", async () => {
    await post("/register", { name: "Grace", password: "correct horse" });
    const from = (n: number) => info({ remote: { address: `10.0.1.${n}`, port: 1 } });
    for (let n = 0; n < 12; n++) {
      const password = n % 4 === 3 ? "correct horse" : "wrong horse";
      assert.equal((await post("/sign-in", { name: "Grace", password }, {}, from(n))).status, n % 4 === 3 ? 200 : 403);
    }
  });

  test("under a registered name's session nobody chats by another name", async () => {
    const grace = cookieOf(await post("/register", { name: "Grace", password: "correct horse" }));
    assert.deepEqual(await ask(grace, { type: "nick", name: "Ada" }), { type: "refused", why: "name-taken" });
  });

  test("where there is nothing that hashes passwords nobody registers, and guests chat", async () => {
    serve({ passwords: undefined });
    assert.equal((await post("/register", { name: "Grace", password: "correct horse" })).status, 404);
    assert.equal((await say(await guest("Ada"), "hello", "id-00001")).type, "ack");
  });

  test("a session ends when nobody used it for long, and at the latest after a month", async () => {
    serve({ sessions: { idle: 60_000, absolute: 150_000 } });
    const alive = async (cookie: string) => (await post("/ask", { type: "rooms" }, { Cookie: cookie })).status === 200;
    const [ada, bob] = [await guest("Ada"), await guest("Bob")];
    for (const wait of [50, 50, 49]) {
      await lan.run(seconds(wait));
      assert.ok(await alive(ada), "used all the time");
    }
    assert.ok(!(await alive(bob)), "nobody used it");
    await lan.run(seconds(2));
    assert.ok(!(await alive(ada)), "151 s since it began");
  });

  test("a page that only listens is let go when its session has ended", async () => {
    serve({ sessions: { idle: 60_000, absolute: 150_000 } });
    const page = await listen(await guest("Ada"), "room=lobby");
    await page.pass(seconds(59));
    assert.ok(!page.ended());
    await page.pass(seconds(600));
    assert.ok(page.ended());
  });

  test("who may not try any more from an address uses up no name's attempts", async () => {
    await post("/register", { name: "Grace", password: "correct horse" });
    const from = (n: number) => info({ remote: { address: `10.0.1.${n}`, port: 1 } });
    for (let n = 0; n < 20; n++) await post("/sign-in", { name: `n${n}`, password: "wrong horse" }, {}, from(1));
    for (let n = 0; n < 5; n++) await post("/sign-in", { name: "Grace", password: "wrong horse" }, {}, from(1));
    assert.equal((await post("/sign-in", { name: "Grace", password: "correct horse" }, {}, from(2))).status, 200);
  });

  test("who asks too much is told to wait", async () => {
    const ada = await guest("Ada");
    const replies: string[] = [];
    for (let n = 0; n < 40; n++) {
      const reply = await say(ada, `${n}`, `id-${String(n).padStart(5, "0")}`);
      replies.push(reply.type === "refused" ? reply.why : reply.type);
    }
    assert.deepEqual(new Set(replies), new Set(["ack", "too-fast"]));
    assert.equal(replies.filter((each) => each === "ack").length, 30);
  });
});
