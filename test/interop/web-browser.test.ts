/** Our web server as a browser sees it: Debian's Chromium. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { chromium } from "playwright-core";
import { byMethod, eventStream, layered, serveHttp, webHandler } from "../../src/application/http/index.ts";
import { osContext } from "../../src/platform/node/index.ts";
import { findTool, requireTool } from "../require.ts";

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Grüße</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><script src="/app.js" type="module"></script></head>
<body><h1>Hello</h1><img id="dot" src="/dot.svg" alt="">
<form method="post" action="/sign"><input name="name" value="Zoë &amp; co"><button>Sign</button></form>
<form method="post" action="/sign" enctype="multipart/form-data" id="multi"><input name="name" value="multi"><button>Sign</button></form>
</body></html>`;
const FILES = {
  "index.html": PAGE,
  "style.css": "h1 { color: rgb(1, 2, 3) }",
  "app.js": 'import { word } from "./word.js"; document.body.dataset.word = word;',
  "word.js": 'export const word = "loaded";',
  "dot.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"><rect width="7" height="5"/></svg>',
  "thanks.html": "<!doctype html><title>Thanks</title><h1>Thank you</h1>",
};

const ARGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

/** Listens to events until five have come; the stream ends after two each time, and the browser comes back by itself. */
const LISTEN = `new Promise((resolve) => {
  const heard = [];
  const source = new EventSource("/events");
  source.addEventListener("count", ({ data }) => {
    if (heard.push(data) < 5) return;
    source.close();
    resolve(heard);
  });
})`;

/** Sites and a stream of events, of which each tells where its client was. */
async function serve(signal: AbortSignal): Promise<{ url: string; log: string[] }> {
  const log: string[] = [];
  const context = osContext({ signal, log: (code, more) => log.push(`${code} ${JSON.stringify(more)}`) });
  const site = await webHandler(context, {
    sites: [
      {
        name: "main",
        files: FILES,
        compression: true,
        cache: "no-cache",
        forms: [{ path: "/sign", redirect: "/old/thanks.html", cookie: { name: "visitor", field: "name" } }],
        redirects: [{ from: "/old/*", to: "/*" }],
        headers: { "Content-Security-Policy": "default-src 'self' data:" },
      },
    ],
  });
  const events = byMethod({
    GET: (request) =>
      eventStream(
        context,
        async (writer) => {
          const last = Number(request.headers.get("last-event-id") ?? 0);
          for (let id = last + 1; id <= last + 2; id++)
            await writer.send({ data: `number\n${id}`, event: "count", id: `${id}` });
        },
        { retry: 10 },
      ),
  });
  const handler = layered(
    [
      (next) => (request, info) => {
        log.push(`${request.method} ${request.target} ${request.headers.get("cookie") ?? ""}`);
        return next(request, info);
      },
    ],
    (request, info) => {
      if (request.target === "/events") return events(request, info);
      return site(request, info);
    },
  );
  const server = await serveHttp(context, { address: "127.0.0.1", port: 0, handler });
  return { url: `http://127.0.0.1:${server.address.port}/`, log };
}

describe("Chromium", { timeout: 300_000 }, () => {
  test("loads a page with its style, modules and image, posts forms, keeps a cookie, follows redirects and events", async (t) => {
    if (!requireTool(t, "chromium")) return;
    const end = new AbortController();
    t.after(() => end.abort());
    const { url, log } = await serve(end.signal);
    const browser = await chromium.launch({ executablePath: findTool("chromium") as string, args: ARGS });
    t.after(() => browser.close());
    const page = await browser.newPage();
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(error.message));
    // The page leaves the events while they come.
    page.on("requestfailed", (request) => {
      if (request.url() !== `${url}events`) failures.push(request.url());
    });

    const first = await page.goto(url);
    assert.equal(first?.status(), 200);
    assert.equal(await page.title(), "Grüße");
    const look = (expression: string): Promise<unknown> => page.evaluate(expression);
    assert.equal(await look(`getComputedStyle(document.querySelector("h1")).color`), "rgb(1, 2, 3)");
    await page.waitForFunction(`document.body.dataset.word === "loaded"`);
    assert.equal(await look(`document.querySelector("#dot").naturalWidth`), 7);

    await page.locator("button").first().click();
    await page.waitForURL(`${url}thanks.html`);
    assert.equal(await page.locator("h1").textContent(), "Thank you");
    const [cookie] = await page.context().cookies();
    assert.deepEqual(
      [cookie?.name, cookie?.value, cookie?.httpOnly, cookie?.sameSite],
      ["visitor", "Zo%C3%AB%20%26%20co", true, "Lax"],
    );
    assert.ok(log.includes('form {"path":"/sign","fields":"name=\\"Zoë & co\\""}'), log.join("\n"));
    assert.ok(log.includes("GET /thanks.html visitor=Zo%C3%AB%20%26%20co"), log.join("\n"));

    await page.goto(url);
    await page.locator("#multi button").click();
    await page.waitForURL(`${url}thanks.html`);
    assert.ok(log.includes('form {"path":"/sign","fields":"name=\\"multi\\""}'), log.join("\n"));

    assert.deepEqual(
      await look(LISTEN),
      [1, 2, 3, 4, 5].map((number) => `number\n${number}`),
    );
    assert.equal(await look(`fetch("/style.css", { cache: "no-cache" }).then(({ status }) => status)`), 200);
    assert.deepEqual(failures, []);
  });
});
