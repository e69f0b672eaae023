/** Terminals and the log in the lab's page. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { assertAccessible } from "./axe.ts";
import { describeEach, type RunningLab } from "./engines.ts";
import { focusOn, launchBrowser, SIZES, until, Visitor } from "./harness.ts";

/** Where what is typed goes. */
const TERMINAL = ".xterm-helper-textarea";

describeEach("terminals in the lab's page", (start, testServed) => {
  let browser: Browser;
  let lab: RunningLab;

  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
  });
  after(() => browser?.close());
  beforeEach(async () => {
    lab = await start("test/browser/two-hosts.yaml");
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((each) => each.close()));
    await lab.close();
  });

  const visit = async (options?: Parameters<typeof Visitor.open>[2]): Promise<Visitor> => {
    const visitor = await Visitor.open(browser, lab.url, options);
    await visitor.page.locator('.status-link[data-link="open"]').waitFor();
    return visitor;
  };
  /** Waits until a terminal shows a text. */
  const shows = (page: Page, text: string): Promise<void> =>
    page.locator(".xterm-rows", { hasText: text }).waitFor({ state: "attached" });
  const openBy = async (page: Page, host: string): Promise<void> => {
    await page.locator("body").press("Control+k");
    await focusOn(page, "dialog [role=combobox]");
    await page.keyboard.type(`terminal ${host}`);
    await page.keyboard.press("Enter");
    await shows(page, `${host}$`);
    await focusOn(page, TERMINAL);
  };
  const say = async (page: Page, line: string): Promise<void> => {
    await focusOn(page, TERMINAL);
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
  };
  const leave = async (page: Page): Promise<void> => {
    await page.keyboard.press("Shift+Tab");
    await until(page, `!document.activeElement.matches("${TERMINAL}")`);
  };

  test("by the keyboard alone: open one, ping, complete, leave it, come back", async () => {
    const { page, ...visitor } = await visit();
    await openBy(page, "client");
    await page.keyboard.type("ping -c 1 se");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await shows(page, "1 packets transmitted, 1 received");
    await leave(page);
    await page.locator("body").press("t");
    await focusOn(page, TERMINAL);
    await page.keyboard.press("Alt+5");
    await page.locator("#panel-log").waitFor();
    assert.deepEqual(visitor.complaints, []);
  });

  testServed(
    "what stands on it is there again after the page was loaded anew, for every visitor, and a tab closes it",
    async () => {
      const visitor = await visit();
      const { page } = visitor;
      await openBy(page, "client");
      await say(page, "echo still here");
      await shows(page, "still here");
      await page.getByLabel("New terminal").selectOption("server");
      await shows(page, "server$");
      await page.reload();
      await page.getByRole("tab", { name: "client", exact: true }).click();
      await shows(page, "still here");
      const other = await visit();
      await other.page.getByRole("tab", { name: "client", exact: true }).click();
      await shows(other.page, "still here");
      await say(page, "echo for both");
      await shows(other.page, "for both");
      await page.getByRole("button", { name: "Close the terminal" }).click();
      await other.page.getByRole("tab", { name: "client", exact: true }).waitFor({ state: "detached" });
      visitor.calm();
      other.calm();
    },
  );

  test("what is typed while time stands comes when it goes on", async () => {
    const { page, ...visitor } = await visit();
    await openBy(page, "client");
    await leave(page);
    await page.getByRole("button", { name: "Pause" }).first().click();
    await page.getByText("Time stands still").waitFor();
    await page.locator(".xterm-helper-textarea").focus();
    await say(page, "echo at last");
    await page.locator(".terminal-notice button").click();
    await shows(page, "at last");
    assert.deepEqual(visitor.complaints, []);
  });

  test("going back in time shows what stood there then", async () => {
    const visitor = await visit();
    const { page } = visitor;
    await openBy(page, "client");
    await say(page, "echo early");
    await shows(page, "early");
    await leave(page);
    await page.locator("body").press("u");
    await focusOn(page, "#time-run-until");
    await page.keyboard.type("1:00");
    await page.keyboard.press("Enter");
    await page.locator(".clock-time", { hasText: /01:00\.000000$/ }).waitFor();
    await page.locator("body").press("Space");
    await page.locator(".xterm-helper-textarea").focus();
    await say(page, "echo late");
    await shows(page, "late");
    await leave(page);
    const line = page.locator(".time-line [role=slider]").last();
    await line.focus();
    for (let steps = 0; steps < 30; steps++) await line.press("ArrowLeft");
    await page.locator("body").press("g");
    await page.getByRole("dialog").getByRole("button", { name: "Begin a new branch" }).click();
    await page.locator(".xterm-rows", { hasText: "early", hasNotText: "late" }).waitFor({ state: "attached" });
    const lines = ["This is client. help lists the commands.", "client$ echo early", "early", "client$"];
    const rows = "[...document.querySelectorAll('.xterm-rows > *')]";
    const shown = `${rows}.map((row) => row.textContent.replaceAll("\\u00a0", " ").trim()).filter((row) => row !== "")`;
    await until(page, `${shown}.join("|") === ${JSON.stringify(lines.join("|"))}`);
    visitor.calm();
  });

  test("what is selected is copied, and pasted lines wait for Enter", async () => {
    const visitor = await visit({ permissions: ["clipboard-read", "clipboard-write"] });
    const { page } = visitor;
    await openBy(page, "client");
    await page.evaluate("navigator.clipboard.writeText('echo one\\necho two\\n')");
    await page.keyboard.press("Control+v");
    await shows(page, "echo one; echo two");
    await page.keyboard.press("Enter");
    await shows(page, "two");
    await page.locator(".xterm-screen").dblclick({ position: { x: 12, y: 6 } });
    await page.keyboard.press("Control+c");
    await until(page, "navigator.clipboard.readText().then((text) => text === 'This')");
    visitor.calm();
  });

  test("axe finds nothing, light or dark", async () => {
    const visitor = await visit();
    const { page } = visitor;
    await assertAccessible(page, "#panel-terminal");
    await openBy(page, "client");
    await say(page, "help");
    await shows(page, "traceroute");
    await assertAccessible(page, "#panel-terminal");
    await page.getByRole("button", { name: "Screen reader", exact: true }).click();
    await page.locator(".xterm-accessibility", { hasText: "traceroute" }).waitFor({ state: "attached" });
    await assertAccessible(page, "#panel-terminal");
    await page.getByRole("tab", { name: "Log" }).click();
    await page.locator(".log-lines li").first().waitFor();
    await assertAccessible(page, "#panel-log");
    visitor.calm();
  });

  test("by touch at 390 px: open one, and press the keys that glass lacks", async () => {
    const visitor = await visit({ viewport: SIZES.narrow, hasTouch: true, isMobile: true });
    const { page } = visitor;
    await page.getByRole("navigation").getByRole("button", { name: "Terminal" }).tap();
    await page.getByRole("button", { name: "client", exact: true }).tap();
    await shows(page, "client$");
    await say(page, "sleep 1000");
    await page.getByRole("button", { name: "Interrupt (Ctrl-C)" }).tap();
    await shows(page, "^C");
    await page.getByRole("button", { name: "Earlier line" }).tap();
    await shows(page, "client$ sleep 1000");
    const width = await page.evaluate("document.documentElement.scrollWidth");
    assert.equal(width, SIZES.narrow.width);
    visitor.calm();
  });

  test("the log shows what programs say, of one device or with some letters", async () => {
    const visitor = await visit();
    const { page } = visitor;
    await page.getByRole("tab", { name: "Log" }).click();
    await page.locator(".log-lines li", { hasText: "Current time is" }).first().waitFor();
    await page.getByLabel("Lines of").selectOption("server");
    await page.locator(".log-lines li .log-host", { hasText: "client" }).first().waitFor({ state: "detached" });
    await page.getByLabel("Find in the log").fill("time server on");
    await page.getByText("1 line", { exact: true }).waitFor();
    await page.getByLabel("Find in the log").fill("nobody says this");
    await page.getByText("No line fits.").waitFor();
    visitor.calm();
  });
});
