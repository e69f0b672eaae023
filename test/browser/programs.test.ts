/** Programs that people write in the lab's page: examples, output, errors by line, what has to be stopped. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { assertAccessible } from "./axe.ts";
import { hasChromium, launchBrowser, SIZES, Visitor } from "./harness.ts";
import { LabHere } from "./lab-here.ts";
import { StaticSite } from "./static-site.ts";

const NETWORK = "test/browser/bare-hosts.yaml";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const says = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator(".program-lines > div", { hasText: text }).first().waitFor();
const status = (page: Page, text: string): Promise<void> =>
  page.locator(".program-status", { hasText: text }).waitFor();

async function openPanel(page: Page): Promise<void> {
  await page.locator('.status-link[data-link="open"]').waitFor();
  await page.keyboard.press("Alt+8");
  await page.locator(".cm-content").waitFor();
}

async function runOn(page: Page, host: string, example?: string): Promise<void> {
  if (example !== undefined) await page.getByRole("combobox", { name: "Examples" }).selectOption(example);
  await page.getByRole("combobox", { name: "on", exact: true }).selectOption(host);
  await button(page, "Run program").click();
}

async function write(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** A time server and its client, an error by its line, and one that never waits. */
async function journey(page: Page): Promise<void> {
  await openPanel(page);
  await runOn(page, "server", "time-server.ts");
  await says(page, "Time server on port 3434");
  await status(page, "time-server.ts runs on server.");
  await runOn(page, "client", "time-client.ts");
  await says(page, /Current time is 2026-01-01T/);
  await status(page, "time-client.ts on client is done.");
  assert.equal(await button(page, "Stop program").isDisabled(), true, "there is nothing to stop");

  await write(page, "const a: number = 1;\n\nnull.x;\n");
  await runOn(page, "client");
  await says(page, /time-client\.ts:3:\d+: TypeError/);
  await page.locator(".cm-lint-marker-error").waitFor();

  await write(page, "for (;;) {}\n");
  await runOn(page, "client");
  await says(page, "it computed too long without waiting for anything");
  await write(page, "setInterval(() => console.log('tick'), 500);\n");
  await runOn(page, "client");
  await says(page, "tick");
  await button(page, "Stop program").click();
  await status(page, "time-client.ts on client was stopped.");
}

describe("programs in the lab's page", { timeout: 300_000, skip: !hasChromium() && "no chromium" }, () => {
  let browser: Browser;
  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
  });
  after(() => browser?.close());

  test("are written, run, read and stopped, and kept for the next visit", async (t) => {
    const lab = await LabHere.start(NETWORK);
    t.after(() => lab.close());
    const visitor = await Visitor.open(browser, lab.url);
    const { page } = visitor;
    await journey(page);
    visitor.calm();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await assertAccessible(page);
    }
    await page.setViewportSize(SIZES.narrow);
    await page.locator(".cm-content", { hasText: "tick" }).waitFor();
    await assertAccessible(page);
    await page.reload();
    await openPanel(page);
    await page.locator(".cm-content", { hasText: "tick" }).waitFor();
    visitor.calm();
    await visitor.close();
  });

  test("run in the page itself, where there is no server", async (t) => {
    const site = await StaticSite.start(NETWORK);
    t.after(() => site.close());
    const visitor = await Visitor.open(browser, site.url);
    await journey(visitor.page);
    visitor.calm();
    await visitor.close();
  });
});
