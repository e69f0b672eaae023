/** The lab without a server, from a plain server of files: what it does there, what it says it cannot, and how it ends. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { Methods } from "../../src/engine/protocol/index.ts";
import { LabWatcher, lab } from "../fixtures/lab.ts";
import { violations } from "./axe.ts";
import { hasChromium, launchBrowser, Visitor } from "./harness.ts";
import { StaticSite } from "./static-site.ts";
import { act } from "./views.ts";

const FILE = "examples/chat-room.yaml";

/** Runs before the page's own scripts, so that a test can break its engine. */
const KEEP_WORKERS = `
  globalThis.workers = [];
  globalThis.Worker = class extends Worker {
    constructor(...all) {
      super(...all);
      workers.push(this);
    }
  };`;

describe("the lab without a server", { timeout: 300_000, skip: !hasChromium() && "no chromium" }, () => {
  let browser: Browser;
  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
  });
  after(() => browser?.close());

  test("it does in a tab what an engine in Node does, says what is missing, and begins anew with its page", async (t) => {
    const site = await StaticSite.start(FILE);
    t.after(() => site.close());
    const context = await browser.newContext({ acceptDownloads: true, locale: "en-GB" });
    t.after(() => context.close());
    const page = await context.newPage();
    await page.addInitScript(KEEP_WORKERS);
    const visitor = await Visitor.inContext(page, site.url);
    await link(page, "open");

    // The same bytes as in Node, to the last.
    await page.getByLabel("Run until").fill("60");
    await page.keyboard.press("Enter");
    await page.locator(".clock-time", { hasText: /01:00\.000000$/ }).waitFor();
    assert.ok((await capture(page)).equals(await captureInNode(60)), "the captures are the same");

    // What is missing is told, with its cause and remedy.
    await page.getByText("3 doors to the outside are shut.").waitFor();
    await page.getByRole("button", { name: "What is missing here" }).click();
    await page.getByText(/Published ports \(join, clock, datagrams\): .* Use a host's terminal/).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");

    // The first steps, by a terminal in place of a real client.
    await page.getByRole("button", { name: "Play or pause" }).click();
    const command = (await page.locator(".guide code").first().textContent()) ?? "";
    await page.getByRole("button", { name: "Open guest's terminal" }).click();
    await page.locator(".xterm-rows", { hasText: "guest$" }).waitFor({ state: "attached" });
    await page.locator(".xterm-helper-textarea").focus();
    await page.keyboard.type(`${command}\n`);
    await page.getByRole("button", { name: "Show its packets" }).click();
    await page.getByRole("button", { name: "Draw the sequence" }).click();
    await page.getByText("That was the three-way handshake of your own connection.").waitFor();

    // Back before it, with what was typed repeated.
    await page.keyboard.press("Escape");
    await page.getByRole("slider", { name: "Time line" }).focus();
    await page.keyboard.press("Home");
    await page.getByText(/^Looking back at/).waitFor();
    await page.locator("body").press("g");
    await page.getByRole("dialog").getByRole("button", { name: "Begin a new branch" }).click();
    await page.getByRole("combobox", { name: "Branch" }).waitFor();
    assert.equal(await page.getByText("The replay differs").count(), 0);

    // An engine that is lost is a state that says so, and another begins.
    await page.evaluate("workers.at(-1).onerror({ message: 'out of memory', preventDefault() {} })");
    await link(page, "ended");
    await page
      .getByRole("alert")
      .getByText(/it has failed \(out of memory\)/)
      .waitFor();
    await page.getByRole("button", { name: "Start another engine" }).click();
    await link(page, "open");
    // What was built outlives the page, and the network begins again.
    await act(page, "edit.add.host");
    await page.locator(".device", { hasText: "pc1" }).waitFor();
    await page.reload();
    await page.getByText("The page was loaded anew, and its network began again with it").waitFor();
    await page.getByRole("button", { name: "Open them" }).click();
    await page.locator(".device", { hasText: "pc1" }).waitFor();
    visitor.calm();
  });
});

const link = (page: Page, kind: string): Promise<void> => page.locator(`.status-link[data-link="${kind}"]`).waitFor();

/** All packets, as the page saves them. */
async function capture(page: Page): Promise<Buffer> {
  await page.getByRole("button", { name: "More" }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Save all packets (pcapng)" }).click();
  return readFileSync(await (await saved).path());
}

/** All packets of the same network until a second of its time, as an engine in this process gives them. */
async function captureInNode(seconds: number): Promise<Buffer> {
  const { engine } = await lab(readFileSync(FILE, "utf8"));
  const watcher = new LabWatcher(engine);
  await watcher.request("time.runUntil", { at: seconds * 1e9 });
  const pieces: Buffer[] = [];
  let next: string | undefined;
  do {
    const piece: Methods["packets.export"]["result"] = await watcher.request(
      "packets.export",
      next === undefined ? {} : { next },
    );
    pieces.push(Buffer.from(piece.bytes, "base64"));
    next = piece.next;
  } while (next !== undefined);
  await engine.close();
  return Buffer.concat(pieces);
}
