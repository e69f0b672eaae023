/** What moves on the canvas, and what a pointer or a finger can do there. */
import { after, before, type TestContext, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { describeEach } from "./engines.ts";
import { focusOn, launchBrowser, SIZES, until, Visitor } from "./harness.ts";
import { act } from "./views.ts";

/** Runs before the page's own scripts: keeps what is written on canvases. */
const KEEP_WRITING = `
  globalThis.written = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
    written.push(text);
    return fillText.call(this, text, ...where);
  };`;

/** Reading pixels is something that only the test does: {@link Visitor.calm} is told so. */
const READING = /willReadFrequently/;

/** Runs in the page: what of the packets' canvas is painted, as the place of each hundredth pixel that is. */
const PAINTED = `(() => {
  const canvas = document.querySelector(".packet-layer canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = [];
  for (let at = 3; at < data.length; at += 400) if (data[at] > 0) found.push(at);
  return found;
})()`;

describeEach("the canvas", (start) => {
  let browser: Browser;
  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
  });
  after(() => browser?.close());

  async function visit(t: TestContext, options: BrowserContextOptions = {}, network = "test/browser/two-hosts.yaml") {
    const lab = await start(network);
    const context = await browser.newContext({ viewport: SIZES.wide, locale: "en-GB", ...options });
    t.after(() => context.close());
    t.after(() => lab.close());
    await context.addInitScript(KEEP_WRITING);
    const page = await context.newPage();
    const visitor = await Visitor.inContext(page, lab.url);
    await page.locator(".device").first().waitFor();
    return { page, visitor };
  }

  /** Lets frames cross all the time. */
  async function ping(page: Page): Promise<void> {
    await act(page, "terminal.open.client");
    await page.locator(".xterm-rows", { hasText: "client$" }).waitFor({ state: "attached" });
    await focusOn(page, ".xterm-helper-textarea");
    await page.keyboard.type("ping -i 0.2 server\n");
    await page.locator(".xterm-rows", { hasText: "icmp_seq=1" }).waitFor({ state: "attached" });
    await page.keyboard.press("Shift+Tab");
  }

  /** Lets time stand while a frame is half-way from one host to the other. */
  async function standWithOneUnderWay(page: Page): Promise<void> {
    const clock = page.locator(".clock-time");
    await act(page, "time.playPause");
    await page.locator(".clock-state", { hasText: /^paused$/ }).waitFor();
    await act(page, "time.stepPacket");
    await page.locator(".packet-row[aria-selected=true]").waitFor();
    const left = await clock.innerText();
    await act(page, "time.runUntil");
    await focusOn(page, "#time-run-until");
    await page.keyboard.type("+5ms");
    await page.keyboard.press("Enter");
    await page.locator(".clock-time", { hasNotText: left }).waitFor();
  }

  test("what crosses at real time leaves an afterglow with its label, and the afterglow goes", async (t) => {
    const { page, visitor } = await visit(t);
    await ping(page);
    await until(page, "written.some((text) => text.startsWith('ICMP'))");
    await until(page, `${PAINTED}.length > 0`);
    await page.locator(".xterm").click();
    await focusOn(page, ".xterm-helper-textarea");
    await page.keyboard.press("Control+c"); // were time to stand, a frame might stand on its way
    await until(page, `${PAINTED}.length === 0`);
    visitor.calm(READING);
  });

  test("in slow motion packets are on their way, and a click on one selects it everywhere", async (t) => {
    const { page, visitor } = await visit(t);
    await ping(page);
    await act(page, "time.slowMotion");
    await page.locator('.speed [aria-pressed="true"]').waitFor();
    await until(page, `${PAINTED}.length > 0`);
    await standWithOneUnderWay(page);
    await page.getByRole("grid", { name: "Packets" }).press("Home");
    await page.locator('.packet-row[data-index="0"][aria-selected=true]').waitFor();
    const [client, server] = await Promise.all(
      ["client", "server"].map((name) =>
        page.locator(`.react-flow__node[data-id="${name}"] .device-icon`).boundingBox(),
      ),
    );
    if (client == null || server == null) throw new Error("the devices are on the screen");
    const middle = (box: typeof client): [number, number] => [box.x + box.width / 2, box.y + box.height / 2];
    const [[ax, ay], [bx, by]] = [middle(client), middle(server)];
    const another = page.locator('.packet-row[aria-selected=true]:not([data-index="0"])');
    for (let part = 4; part <= 16 && (await another.count()) === 0; part++) {
      await page.mouse.click(ax + ((bx - ax) * part) / 20, ay + ((by - ay) * part) / 20);
    }
    await another.waitFor();
    await page.getByRole("treeitem", { name: /^Ethernet II/ }).waitFor();
    visitor.calm(READING);
  });

  test("as layer 4 sees it, what is said in a connection goes along the connection's line", async (t) => {
    const { page, visitor } = await visit(t, {}, "examples/chat-room.yaml");
    await act(page, "terminal.open.guest");
    await page.locator(".xterm-rows", { hasText: "guest$" }).waitFor({ state: "attached" });
    await focusOn(page, ".xterm-helper-textarea");
    await page.keyboard.type("nc chat 8888\nCarla\n");
    await page.locator(".xterm-rows", { hasText: "Welcome" }).waitFor({ state: "attached" });
    await page.getByRole("combobox", { name: "Layer" }).selectOption("transport");
    await page.locator('.react-flow__edge[aria-label^="Cable from guest to chat"]').waitFor({ state: "attached" });
    await page.locator(".xterm").click();
    await focusOn(page, ".xterm-helper-textarea");
    // Where others cross at the same time there may be no room for all that is said.
    const seen = "written.some((text) => text.startsWith('CHAT quite my own'))";
    for (let said = 1; said <= 20 && !(await page.evaluate(seen)); said++) {
      await page.keyboard.type(`quite my own words ${said}\n`);
      await page.locator(".xterm-rows", { hasText: `: quite my own words ${said}` }).waitFor({ state: "attached" });
    }
    await until(page, seen);
    visitor.calm(READING);
  });

  test("with reduced motion cables in use are highlighted and labelled all the same", async (t) => {
    const { page, visitor } = await visit(t, { reducedMotion: "reduce" });
    await ping(page);
    await act(page, "time.slowMotion");
    await until(page, "written.some((text) => text.startsWith('ICMP'))");
    await until(page, `${PAINTED}.length > 0`);
    visitor.calm(READING);
  });

  test("a finger that rests on a device at 390 px gets its menu", async (t) => {
    const { page, visitor } = await visit(t, { viewport: SIZES.narrow, hasTouch: true, isMobile: true });
    const box = await page.locator('.react-flow__node[data-id="server"] .device-icon').boundingBox();
    const point = { x: (box?.x ?? 0) + 10, y: (box?.y ?? 0) + 10 };
    const session = await page.context().newCDPSession(page);
    await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
    const item = page.getByRole("menuitem", { name: "Show what server is" });
    await item.waitFor();
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await item.tap();
    await page.getByRole("heading", { name: "server", exact: true }).waitFor();
    visitor.calm(READING);
  });
});
