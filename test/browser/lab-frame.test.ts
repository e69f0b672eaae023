/** The frame of the lab's page and its network, in Chromium: what is seen, what the keyboard reaches, languages and themes. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { violations } from "./axe.ts";
import { describeEach, type RunningLab } from "./engines.ts";
import { focusOn, launchBrowser, SIZES, until, Visitor } from "./harness.ts";

/** Does an action of the palette, by the keyboard. */
async function does(page: Page, action: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await focusOn(page, "dialog [role=combobox]");
  await page.keyboard.type(action);
  await page.getByRole("option", { selected: true }).getByText(action, { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

describeEach("the lab's frame in Chromium", (start, testServed) => {
  let browser: Browser;
  let lab: RunningLab;

  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
    lab = await start("examples/chat-room.yaml");
  });
  after(async () => {
    await browser?.close();
    await lab?.close();
  });

  async function visit(options: BrowserContextOptions = {}, kept: Record<string, string> = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: SIZES.wide, locale: "en-GB", ...options });
    const keep = Object.entries(kept).map(([key, value]) => `localStorage.setItem("${key}", "${value}")`);
    await context.addInitScript(keep.join(";"));
    const visitor = await Visitor.inContext(await context.newPage(), lab.url);
    await visitor.page.locator(".device").first().waitFor();
    return visitor;
  }

  test("devices and cables are reached, named and selected by the keyboard alone", async () => {
    const visitor = await visit();
    const { page } = visitor;
    await page.keyboard.press("Alt+4");
    await page.locator(".host-choices").waitFor();
    const focused = (): Promise<string> =>
      page.evaluate<string>(
        "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''",
      );
    await page.keyboard.press("Alt+1");
    await until(page, "document.activeElement?.closest('#panel-canvas') != null");
    const names: string[] = [];
    for (let press = 0; press < 40; press++) {
      await page.keyboard.press("Tab");
      const name = await focused();
      names.push(name);
      if (name.startsWith("Host bob")) {
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: "bob", exact: true }).waitFor();
      }
      if (name.startsWith("Cable from bob to hub")) {
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: "bob.eth0-hub.2", exact: true }).waitFor();
      }
    }
    for (const wanted of ["Host alice", "Host bob", "Hub hub", "Router router", "Switch switch", "Host chat"]) {
      assert.ok(
        names.some((name) => name.startsWith(wanted)),
        `${wanted} in ${names.join(" · ")}`,
      );
    }
    assert.equal(names.filter((name) => name.startsWith("Cable from")).length, 8);
    visitor.calm();
    await visitor.close();
  });

  test("the palette finds an action by a word and does it; the choice outlives a reload", async () => {
    const visitor = await visit();
    const { page } = visitor;
    await does(page, "Use the dark theme");
    await page.locator(":root[data-theme=dark]").waitFor();
    await page.reload();
    await page.locator(":root[data-theme=dark]").waitFor();
    await page.locator(".device").first().waitFor();
    await page.keyboard.press("?");
    const shortcuts = page.getByRole("dialog");
    await shortcuts.getByText("Find an action").waitFor();
    const keys = await shortcuts.locator("dd").allTextContents();
    assert.deepEqual(keys, [...new Set(keys)], "no key does two things");
    await page.keyboard.press("Escape");
    await shortcuts.waitFor({ state: "detached" });
    visitor.calm();
    await visitor.close();
  });

  test("the right button on a device offers what can be done with it", async () => {
    const visitor = await visit();
    const { page } = visitor;
    await page.locator('.react-flow__node[data-id="bob"]').click({ button: "right" });
    await page.getByRole("menuitem", { name: "Open a terminal on bob" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole("menuitem", { name: "Show what bob is" }).click();
    await page.getByRole("heading", { name: "bob", exact: true }).waitFor();
    visitor.calm();
    await visitor.close();
  });

  test("each layer shows what it sees", async () => {
    const visitor = await visit();
    const { page } = visitor;
    const layer = page.getByRole("combobox", { name: "Layer" });
    const names = (): Promise<string[]> => page.locator(".device-name").allTextContents();
    await layer.selectOption("internet");
    await page.getByText("10.0.1.0/24").waitFor();
    assert.ok(!(await names()).includes("hub"), "hubs and switches are inside the networks");
    await layer.selectOption("link");
    await page
      .getByText(/eth0 02:/)
      .first()
      .waitFor();
    await layer.selectOption("transport");
    await page
      .getByText(/TCP 8888.* ESTABLISHED/)
      .first()
      .waitFor();
    await layer.selectOption("application");
    await page.locator(".device-detail", { hasText: "chat-server" }).waitFor();
    visitor.calm();
    await visitor.close();
  });

  test("the page speaks the browser's language, another when told", async () => {
    const visitor = await visit({ locale: "zh-CN" });
    await visitor.page.getByRole("tab", { name: "主机" }).waitFor();
    assert.equal(await visitor.page.locator("html").getAttribute("lang"), "zh-CN");
    await visitor.page.getByRole("button", { name: "帮助" }).click();
    await visitor.page.getByRole("button", { name: "语言：English" }).click();
    await visitor.page.getByRole("heading", { name: "Help and settings" }).waitFor();
    visitor.calm();
    await visitor.close();
  });

  test("a finger at 390 px goes from panel to panel by the bar at the bottom", async () => {
    const visitor = await visit({ viewport: SIZES.narrow, hasTouch: true, isMobile: true });
    const { page } = visitor;
    const bar = page.getByRole("navigation", { name: "Panels" });
    for (const name of ["Packets", "Terminal", "Host", "Log", "Network"]) {
      await bar.getByRole("button", { name, exact: true }).tap();
      await page.getByRole("region", { name, exact: true }).waitFor();
    }
    await page.locator('.react-flow__node[data-id="bob"]').tap();
    await bar.getByRole("button", { name: "Host", exact: true }).tap();
    await page.getByRole("heading", { name: "bob", exact: true }).waitFor();
    visitor.calm();
    await visitor.close();
  });

  testServed("the first steps notice a real connection by themselves, and lead to its handshake", async () => {
    const visitor = await visit();
    const { page } = visitor;
    const command = await page.locator(".guide code").first().textContent();
    const [, address = "", port = ""] = /^nc (\S+) (\d+)$/.exec(command ?? "") ?? [];
    const socket = connect(Number(port), address);
    try {
      await page.getByRole("button", { name: "Show its packets" }).click();
      await page.getByText(/10\.0\.1\.13:\d+ → 10\.0\.2\.11:8888 ESTABLISHED/).waitFor();
      await page.getByRole("button", { name: "Draw the sequence" }).click();
      await page.getByText("That was the three-way handshake of your own connection.").waitFor();
      for (const flags of ["[SYN]", "[SYN, ACK]", "[ACK]"]) {
        await page.locator(".guide-rows").getByText(flags, { exact: false }).waitFor();
      }
      await page.getByRole("button", { name: "Save as SVG" }).waitFor();
    } finally {
      socket.destroy();
    }
    await page.getByRole("button", { name: "Put away" }).click();
    await page.locator(".guide").waitFor({ state: "detached" });
    await page.reload();
    await page.locator(".device").first().waitFor();
    assert.equal(await page.locator(".guide").count(), 0);
    await page.getByRole("button", { name: "Help", exact: true }).click();
    await page.getByRole("button", { name: "First steps: see your own handshake" }).click();
    await page.locator(".guide").waitFor();
    visitor.calm();
    await visitor.close();
  });
});
