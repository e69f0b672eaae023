/** Who may open the lab, from a browser: security as a page meets it. What goes by raw sockets is tested beside the server. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, afterEach, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "playwright-core";
import { focusOn, hasChromium, LabProcess, launchBrowser, PATIENCE, Visitor } from "./harness.ts";
import { LabHere } from "./lab-here.ts";

/** Runs in a page of somebody else's: what becomes of a WebSocket to the lab, and of a request for its page. */
const knock = (port: number): string => `
  (async () => {
    const socket = new Promise((done) => {
      const tried = new WebSocket("ws://127.0.0.1:${port}/engine");
      tried.onopen = () => done("open");
      tried.onerror = () => done("refused");
    });
    const page = fetch("http://127.0.0.1:${port}/").then(() => "read", () => "refused");
    return [await socket, await page];
  })()`;

/** Runs before the page's own scripts, so that a test can break its connection. */
const KEEP_SOCKETS = `
  globalThis.sockets = [];
  globalThis.WebSocket = class extends WebSocket {
    constructor(...all) {
      super(...all);
      sockets.push(this);
    }
  };`;

describe("the lab's door in Chromium", { timeout: 300_000, skip: !hasChromium() && "no chromium" }, () => {
  let browser: Browser;
  let lab: LabProcess;
  let stranger: Server;
  const ends: (() => void)[] = [];

  before(async (t) => {
    const launched = await launchBrowser(t as never);
    if (launched === undefined) return;
    browser = launched;
    lab = await LabProcess.start({ after: (end) => void ends.push(end as () => void) }, "test/browser/two-hosts.yaml");
    stranger = createServer((_request, response) => void response.end("<!doctype html><title>Elsewhere</title>"));
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  });
  after(async () => {
    await browser?.close();
    stranger?.close();
    for (const end of ends) end();
  });
  afterEach(() => Promise.all(browser.contexts().map((each) => each.close())));

  const link = (visitor: Visitor, kind: string): Promise<void> =>
    visitor.page.locator(`.status-link[data-link="${kind}"]`).waitFor();

  test("the page of the printed address is let in, and the token leaves the address bar", async () => {
    const visitor = await Visitor.open(browser, lab.url);
    await link(visitor, "open");
    assert.equal(visitor.page.url(), `http://127.0.0.1:${lab.port}/`);
    await visitor.page.reload();
    await link(visitor, "open");
    visitor.calm();
  });

  test("by the names localhost and 127.0.0.1 it is the same lab", async () => {
    const visitor = await Visitor.open(browser, lab.url.replace("127.0.0.1", "localhost"));
    await link(visitor, "open");
    visitor.calm();
  });

  test("without the token, or with that of another start, the page says what to do", async () => {
    const { origin } = new URL(lab.url);
    const wrong = `${lab.url.slice(0, -4)}${lab.url.endsWith("AAAA") ? "BBBB" : "AAAA"}`;
    for (const url of [`${origin}/`, wrong]) {
      const visitor = await Visitor.open(browser, url);
      await link(visitor, "refused");
      const said = await visitor.page.getByRole("alert").first().innerText();
      assert.match(said, /may not watch[\s\S]*Open the address that the lab prints/);
      visitor.calm();
    }
  });

  test("an invitation leads in once, whoever comes second is told so, and the one who came in stays", async (t) => {
    const inviting = await LabHere.start("test/browser/two-hosts.yaml");
    t.after(() => inviting.close());
    const invitation = inviting.server.invite();
    assert.ok(!invitation.includes(inviting.server.token));
    const invited = await Visitor.open(browser, invitation);
    await link(invited, "open");
    const { origin } = new URL(inviting.url);
    assert.equal(invited.page.url(), `${origin}/`);
    const late = await (await browser.newContext()).newPage();
    const answer = await late.goto(invitation, { timeout: PATIENCE });
    assert.equal(answer?.status(), 410);
    assert.match((await answer?.text()) ?? "", /leads in once/);
    assert.equal(late.url(), invitation, "it is led nowhere");
    await invited.page.reload();
    await link(invited, "open");
    invited.calm();
  });

  test("a second tab with the address is let in too, and both say that there are two", async () => {
    const [first, second] = [await Visitor.open(browser, lab.url), await Visitor.open(browser, lab.url)];
    for (const visitor of [first, second]) {
      await visitor.page.getByText("2 pages watch this network").waitFor();
      visitor.calm();
    }
    await second.close();
    await first.page.getByText("2 pages watch this network").waitFor({ state: "detached" });
  });

  test("a page of another origin, and one whose name was made to lead here, get nothing", async () => {
    const { port } = stranger.address() as AddressInfo;
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`http://127.0.0.1:${port}/`);
    assert.deepEqual(await page.evaluate(knock(lab.port)), ["refused", "refused"]);
    const rebound = await page.goto(`http://rebound.localhost:${lab.port}/`);
    assert.equal(rebound?.status(), 421);
    assert.deepEqual(await page.evaluate(knock(lab.port)), ["refused", "refused"]);
  });

  test("no page may frame it, and no window that opened it holds it", async () => {
    const { port } = stranger.address() as AddressInfo;
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.goto(`http://127.0.0.1:${port}/`);
    const loaded = page.waitForEvent("requestfailed", (request) => request.url().startsWith(new URL(lab.url).origin));
    await page.evaluate(
      `{ const frame = document.createElement("iframe"); frame.src = "${lab.url}"; document.body.append(frame); }`,
    );
    assert.match((await loaded).failure()?.errorText ?? "", /ERR_BLOCKED_BY/);
  });

  test("after a break the page is back by itself: time, the terminal and what stands on it", async () => {
    const page = await browser.newPage();
    await page.addInitScript(KEEP_SOCKETS);
    const visitor = await Visitor.inContext(page, lab.url);
    await link(visitor, "open");
    await page.getByRole("button", { name: "client", exact: true }).click();
    const rows = page.locator(".xterm-rows");
    await rows.getByText("client$").first().waitFor();
    await focusOn(page, ".xterm-helper-textarea");
    await page.keyboard.type("hostname -s\n");
    await rows.getByText(/^client$/).waitFor();
    const connections = Number(await page.evaluate("sockets.length"));
    await page.evaluate("sockets.at(-1).close()");
    // Gone for a moment only, so that a look at it would come too late on a busy machine.
    while (Number(await page.evaluate("sockets.length")) === connections) await sleep(20);
    await link(visitor, "open");
    await rows.getByText(/^client$/).waitFor();
    await page.locator(".xterm-helper-textarea").focus();
    await focusOn(page, ".xterm-helper-textarea");
    await page.keyboard.type("echo again\n");
    await rows.getByText(/^again$/).waitFor();
    const was = await page.locator(".clock-time").innerText();
    await page.locator(".clock-time", { hasNotText: was }).waitFor();
    visitor.calm();
  });

  test("when the engine goes the page says so and keeps what it knew; another start wants its own token", async (t) => {
    const mortal = await LabProcess.start(t, "test/browser/two-hosts.yaml");
    const visitor = await Visitor.open(browser, mortal.url);
    await link(visitor, "open");
    const ended = await mortal.cli.interrupt();
    assert.equal(ended.code, 0, ended.stderr);
    await link(visitor, "gone");
    await visitor.page.getByText("The engine cannot be reached.").waitFor();
    await visitor.page.getByText("Two hosts").waitFor();
    const again = await LabProcess.start(t, "test/browser/two-hosts.yaml", "--port", `${mortal.port}`);
    await link(visitor, "refused");
    visitor.calm(/ERR_CONNECTION_REFUSED|WebSocket connection/);
    assert.equal(again.port, mortal.port);
  });
});
