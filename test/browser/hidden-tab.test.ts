/** A tab that is hidden and shown again, in a browser that is asked for nothing but that: elsewhere each page is kept to the fore. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { findTool, requireTool } from "../require.ts";
import { ARGS, focusOn, hasChromium, PATIENCE, until, Visitor } from "./harness.ts";
import { LabHere } from "./lab-here.ts";
import { act } from "./views.ts";

/** Runs before the page's own scripts: counts the strokes of each picture that is drawn of the packets. */
const COUNT = `
  globalThis.pictures = [];
  const { clearRect, stroke } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...all) {
    pictures.push(0);
    return clearRect.apply(this, all);
  };
  CanvasRenderingContext2D.prototype.stroke = function (...all) {
    if (pictures.length > 0) pictures[pictures.length - 1]++;
    return stroke.apply(this, all);
  };`;
/** The strokes of a picture of two hosts: cables that glow, and a cross or two. A cross for each frame that was lost would be hundreds. */
const MOST_STROKES = 50;

/** Virtual seconds for which the tab is hidden, at ten times real time. */
const HIDDEN = 40;

/** Chromium as people start it, but without a window. */
async function startChromium(folder: string): Promise<[ChildProcess, string]> {
  const args = [...ARGS, "--headless", "--remote-debugging-port=0", `--user-data-dir=${folder}`, "about:blank"];
  const child = spawn(findTool("chromium") as string, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  for (;;) {
    const [chunk] = (await once(child.stderr as NodeJS.ReadableStream, "data")) as [Buffer];
    said += chunk;
    const [at] = /ws:\/\/\S+/.exec(said) ?? [];
    if (at !== undefined) return [child, at];
  }
}

describe("a hidden tab", { timeout: 300_000, skip: !hasChromium() && "no chromium" }, () => {
  let child: ChildProcess;
  let browser: Browser;
  let lab: LabHere;
  const folder = mkdtempSync(join(tmpdir(), "netarium-browser-"));

  before(async (t) => {
    if (!requireTool(t as never, "chromium")) return;
    const [started, at] = await startChromium(folder);
    child = started;
    browser = await chromium.connectOverCDP(at, { noDefaults: true });
    lab = await LabHere.start("test/browser/lossy.yaml");
  });
  after(async () => {
    await browser?.close();
    child?.kill("SIGKILL");
    await lab?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** What the page's clock shows, in virtual seconds; looked at without waiting for a picture. */
  const clock = (page: Page): Promise<number> =>
    page.evaluate(`(() => {
      const [, minutes, seconds] = /(\\d+):(\\d+\\.\\d+)/.exec(document.querySelector(".clock-time").textContent.replace(/\\s/g, ""));
      return Number(minutes) * 60 + Number(seconds);
    })()`);

  /** Looks again and again, from here: in a hidden page no picture is waited for. */
  async function comes(condition: () => Promise<unknown>): Promise<void> {
    const late = performance.now() + PATIENCE;
    while (!(await condition())) {
      if (performance.now() > late) throw new Error(`never came: ${condition}`);
      await turn();
    }
  }

  test("draws nothing, keeps up with the engine all the same, and shows at once what is so when it is shown again", async () => {
    const [context] = browser.contexts();
    assert.ok(context);
    const [page] = context.pages();
    assert.ok(page);
    await page.addInitScript(COUNT);
    const visitor = await Visitor.inContext(page, lab.url);
    await page.bringToFront();
    await page.locator(".device").first().waitFor();
    await act(page, "terminal.open.client");
    await page.locator(".xterm-rows", { hasText: "client$" }).waitFor({ state: "attached" });
    await focusOn(page, ".xterm-helper-textarea");
    await page.keyboard.type("ping -i 0.2 server\n");
    await page.locator(".xterm-rows", { hasText: "icmp_seq=1" }).waitFor({ state: "attached" });
    await page.keyboard.press("Shift+Tab");
    for (const speed of ["2×", "5×", "10×"]) {
      await page.locator("body").press("+");
      await page.locator(".speed-value", { hasText: speed }).waitFor();
    }
    await until(page, "pictures.length > 0");

    const other = await context.newPage();
    await other.bringToFront();
    await comes(async () => page.evaluate("document.hidden"));
    const [drawn, began] = [await page.evaluate("pictures.length"), lab.engine.state.now];
    await comes(async () => lab.engine.state.now > began + HIDDEN * 1e9);
    await comes(async () => (await clock(page)) > began / 1e9 + HIDDEN);
    assert.equal(await page.evaluate("pictures.length"), drawn, "nothing is drawn that nobody sees");
    assert.ok((await page.locator(".packet-row").count()) < 100, "of the list there is what one would see");
    await page.evaluate("pictures.length = 0");
    const shown = lab.engine.state.now / 1e9;
    await page.bringToFront();
    await until(page, "pictures.length > 5");
    const strokes = (await page.evaluate("pictures")) as number[];
    assert.ok(Math.max(...strokes) < MOST_STROKES, `pictures of ${strokes} strokes`);
    await comes(async () => (await clock(page)) >= shown);
    visitor.calm();
  });
});
