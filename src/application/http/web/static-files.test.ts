import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Asked, ask } from "../../../../test/fixtures/handler.ts";
import { VirtualClock } from "../../../../test/fixtures/machine.ts";
import { Random } from "../../../base/random.ts";
import { Scheduler } from "../../../time/scheduler.ts";
import { FileChangedError } from "../../files.ts";
import { MemoryFiles } from "../../memory-files.ts";
import { type StaticFilesOptions, staticFiles } from "./static-files.ts";

const MODIFIED = Date.UTC(2026, 0, 1);
const context = { clock: new VirtualClock(new Scheduler(), MODIFIED + 86_400_000), random: new Random(1) };
const DIGITS = "0123456789".repeat(10);
const FILES = new MemoryFiles(
  [
    ["index.html", "<p>top"],
    ["digits.txt", DIGITS],
    ["sub/page.html", "<p>sub"],
    ["empty", ""],
    ["large.bin", new Uint8Array(100_000)],
    [".secret", "x"],
    ["sub/.git/config", "x"],
    ["app.js", "x".repeat(100)],
    ["app.js.br", "BR"],
    ["app.js.gz", "GZ"],
    ["about.html", "none"],
    ["about.en.html", "english"],
    ["about.zh.html", "chinese"],
    ["only.zh.txt", "chinese"],
    ["404.html", "<p>lost"],
  ],
  MODIFIED,
);
const serve = (asked: Asked & { url: string }, options: StaticFilesOptions = {}) =>
  ask(staticFiles(context, FILES, options), asked);
const get = (url: string, headers: Record<string, string> = {}, options: StaticFilesOptions = {}) =>
  serve({ url, headers }, options);

describe("static files", () => {
  test("are sent whole, with type, length and validators", async () => {
    const response = await get("/digits.txt");
    assert.equal(response.status, 200);
    const headers = Object.fromEntries(response.headers);
    assert.match(headers.etag ?? "", /^"[0-9a-f]{16}"$/);
    delete headers.etag;
    assert.deepEqual(headers, {
      "accept-ranges": "bytes",
      "content-length": "100",
      "content-type": "text/plain; charset=utf-8",
      "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
      "x-content-type-options": "nosniff",
    });
    assert.equal(await response.text(), DIGITS);
    assert.equal((await (await get("/large.bin")).bytes()).length, 100_000);
    assert.equal(await (await get("/empty")).text(), "");
  });

  test("are told of by HEAD as GET would", async () => {
    for (const url of ["/digits.txt", "/large.bin", "/"]) {
      const [head, got] = [await serve({ url, method: "HEAD" }), await get(url)];
      assert.equal(head.body, null);
      assert.deepEqual([...head.headers], [...got.headers], url);
    }
  });

  test("are conditional", async () => {
    const etag = (await get("/digits.txt")).headers.get("etag") ?? "";
    const same = await get("/digits.txt", { "If-None-Match": etag });
    assert.equal(same.status, 304);
    assert.equal(same.headers.get("etag"), etag);
    assert.equal((await get("/digits.txt", { "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT" })).status, 304);
    assert.equal((await get("/digits.txt", { "If-Match": '"other"' })).status, 412);
  });

  test("are sent in part", async () => {
    const one = await get("/digits.txt", { Range: "bytes=5-14" });
    assert.equal(one.status, 206);
    assert.equal(one.headers.get("content-range"), "bytes 5-14/100");
    assert.equal(one.headers.get("content-length"), "10");
    assert.equal(await one.text(), "5678901234");
    const several = await get("/large.bin", { Range: "bytes=0-0,50000-50001" });
    assert.match(several.headers.get("content-type") ?? "", /^multipart\/byteranges; boundary=\w+$/);
    assert.equal((await several.bytes()).length, Number(several.headers.get("content-length")));
    const none = await get("/digits.txt", { Range: "bytes=100-" });
    assert.equal(none.status, 416);
    assert.equal(none.headers.get("content-range"), "bytes */100");
    assert.equal((await get("/digits.txt", { Range: "bytes=1-2", "If-Range": '"old"' })).status, 200);
    assert.equal((await serve({ url: "/digits.txt", method: "HEAD", headers: { Range: "bytes=1-2" } })).status, 200);
  });

  test("in folders have an index, a slash at the end, and a list if wanted", async () => {
    assert.equal(await (await get("/")).text(), "<p>top");
    const moved = await get("/sub?x=1");
    assert.deepEqual([moved.status, moved.headers.get("location")], [308, "/sub/?x=1"]);
    assert.equal((await get("/sub/")).status, 404);
    const page = await get("/sub/", {}, { listing: true });
    assert.equal(page.headers.get("vary"), "Accept");
    const text = await page.text();
    assert.ok(text.includes("page.html") && !text.includes(".git"), text);
    const json = await get("/sub/", { Accept: "application/json" }, { listing: true });
    assert.deepEqual(
      ((await json.json()) as { name: string }[]).map(({ name }) => name),
      ["page.html"],
    );
    assert.equal(await (await get("/sub/", {}, { index: ["none", "page.html"] })).text(), "<p>sub");
    assert.equal((await get("/index.html/")).status, 404);
  });

  test("that are hidden or not there are 404, and what is no path 400", async () => {
    for (const url of ["/.secret", "/sub/.git/config", "/nothing", "/%2esecret", "/sub/nothing/"]) {
      assert.equal((await get(url)).status, 404, url);
    }
    for (const url of ["/a%00", "/%c0%ae"]) assert.equal((await get(url)).status, 400, url);
    const lost = await get("/nothing", { "If-None-Match": "*", Range: "bytes=0-1" }, { notFound: "/404.html" });
    assert.deepEqual([lost.status, await lost.text()], [404, "<p>lost"]);
  });

  test("have GET and HEAD only", async () => {
    for (const [method, status] of [
      ["POST", 405],
      ["DELETE", 405],
      ["TRACE", 405],
      ["BREW", 501],
      ["OPTIONS", 204],
    ] as const) {
      const response = await serve({ url: "/digits.txt", method });
      assert.equal(response.status, status, method);
      assert.equal(response.headers.get("allow"), status === 501 ? null : "GET, HEAD, OPTIONS");
    }
  });

  test("compressed before are sent to who takes them, with another tag", async () => {
    const options = { precompressed: true, cacheControl: "max-age=60" };
    const table = {
      br: "BR",
      gzip: "GZ",
      "gzip, br": "BR",
      "gzip;q=1,br;q=0.5": "GZ",
      identity: "x".repeat(100),
      "*;q=0": "x".repeat(100),
    };
    const tags = new Set<string | null>();
    for (const [accept, text] of Object.entries(table)) {
      const response = await get("/app.js", { "Accept-Encoding": accept }, options);
      assert.equal(await response.text(), text, accept);
      assert.equal(response.headers.get("vary"), "Accept-Encoding");
      assert.equal(response.headers.get("content-type"), "text/javascript; charset=utf-8");
      assert.equal(response.headers.get("content-encoding"), text === "BR" ? "br" : text === "GZ" ? "gzip" : null);
      assert.equal(response.headers.get("cache-control"), "max-age=60");
      tags.add(response.headers.get("etag"));
    }
    assert.equal(tags.size, 3);
    assert.equal(await (await get("/app.js", { "Accept-Encoding": "br" })).text(), "x".repeat(100));
  });

  test("in several languages are sent in the preferred", async () => {
    const options = { languages: ["en", "zh"] };
    const table = { "": "english", zh: "chinese", "de, zh;q=0.5": "chinese", "en-GB, en;q=0.9": "english", de: "none" };
    for (const [accept, text] of Object.entries(table)) {
      const response = await get("/about.html", accept === "" ? {} : { "Accept-Language": accept }, options);
      assert.equal(await response.text(), text, accept);
      assert.equal(response.headers.get("vary"), "Accept-Language");
      assert.equal(response.headers.get("content-language"), { english: "en", chinese: "zh" }[text] ?? null);
    }
    assert.equal(await (await get("/only.txt", { "Accept-Language": "de" }, options)).text(), "chinese");
  });

  test("that are exchanged just before they are read are read anew", async () => {
    let times = 0;
    const bytes = async () => {
      if (times++ === 0) throw new FileChangedError("index.html");
      return new TextEncoder().encode("<p>new");
    };
    const files = { find: async () => ({ ...(await FILES.find("digits.txt")), bytes, size: 6 }) as never };
    assert.equal(await (await ask(staticFiles(context, files), { url: "/index.html" })).text(), "<p>new");
  });

  test("that change while they are sent break off the answer", async () => {
    const changing = {
      find: async () =>
        ({
          ...(await FILES.find("large.bin")),
          read: async function* () {
            yield new Uint8Array(10);
            throw new FileChangedError("large.bin");
          },
        }) as never,
    };
    const response = await ask(staticFiles(context, changing), { url: "/large.bin" });
    await assert.rejects(response.bytes(), FileChangedError);
  });
});
