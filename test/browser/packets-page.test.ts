/** The packets' panel in Chromium, on packets that a scene makes up: a million of them, and one of each kind. */
import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { isLong } from "../size.ts";
import { assertAccessible } from "./axe.ts";
import { hasChromium, launchBrowser, SIZES, until, Visitor } from "./harness.ts";
import { LabHere } from "./lab-here.ts";
import { PacketsScene } from "./packets-scene.ts";

const MILLION = 1_000_000;
/** Bytes of what JavaScript holds, after a collection. */
const MAX_HEAP = 200 * 1024 * 1024;

describe("the packets' panel", { skip: !hasChromium() && "chromium is not there" }, () => {
  let browser: Browser;
  let lab: LabHere;

  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
    lab = await LabHere.start("test/browser/lossy.yaml");
  });
  after(async () => {
    await browser?.close();
    await lab?.close();
  });

  async function visit(t: TestContext, rows: number, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: SIZES.wide, locale: "en-GB", ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    const scene = new PacketsScene(rows);
    await scene.stage(page);
    const visitor = await Visitor.inContext(page, lab.url);
    return { page, scene, visitor };
  }

  const grid = (page: Page) => page.getByRole("grid", { name: "Packets" });
  const row = (page: Page, index: number) => page.locator(`[data-index="${index}"]`);
  const heap = async (page: Page): Promise<number> => {
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return usedSize;
  };

  test("a million rows: End, Home, filter and find, in little memory", async (t) => {
    const { page, visitor } = await visit(t, MILLION);
    await row(page, MILLION - 1).waitFor();
    assert.ok((await page.locator(".packet-row").count()) < 100, "only visible rows are in the page");
    await grid(page).press("Home");
    await row(page, 0).waitFor();
    await grid(page).press("PageDown");
    await grid(page).press("ArrowDown");
    await grid(page).press("End");
    await page.locator(`[data-index="${MILLION - 1}"][aria-selected=true]`).waitFor();
    await page.keyboard.press("Control+f");
    await page.getByLabel("What to find").fill("GET");
    await page.keyboard.press("Enter");
    await row(page, MILLION / 2).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Display filter" }).fill("tcp");
    await page.keyboard.press("Enter");
    await page.getByText("500,000 of 1,000,000 packets").waitFor();
    await grid(page).press("End");
    await row(page, MILLION / 2 - 1).waitFor();
    const used = await heap(page);
    t.diagnostic(`heap with a million rows: ${(used / 1024 / 1024).toFixed(1)} MiB`);
    assert.ok(used < MAX_HEAP, `${used} bytes`);
    visitor.calm();
  });

  test("dragging the scroll bar and turning the wheel show the rows that they should", async (t) => {
    const { page } = await visit(t, MILLION);
    await row(page, MILLION - 1).waitFor();
    await grid(page).evaluate((list) => list.scrollTo(0, (list.scrollHeight - list.clientHeight) / 2));
    await until(
      page,
      "Math.abs(Number(document.querySelector('.packet-row[data-index]')?.dataset.index) - 500000) < 100",
    );
    const first = await page.locator(".packet-row[data-index]").first().getAttribute("data-index");
    await grid(page).hover();
    await page.mouse.wheel(0, 130);
    await row(page, Number(first) + 29).waitFor();
  });

  test("a filter is red with its fault underlined, or green; Enter applies it, and it is remembered", async (t) => {
    const { page, scene } = await visit(t, 1000);
    const input = page.getByRole("combobox", { name: "Display filter" });
    await input.fill("tcp && nonsense");
    await page.locator("[data-state=invalid]").waitFor();
    assert.equal(await input.getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator(".filter-underlined u").textContent(), "nonsense");
    await page.getByText('"nonsense" is no field').waitFor();
    await page.keyboard.press("Enter");
    assert.equal(scene.filter, "");
    await input.fill("tcp.p");
    await page.locator("[data-state=valid]").waitFor();
    await page.getByRole("option", { name: /tcp.port/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await until(page, "document.querySelector('#packet-filter').value === 'tcp.port'");
    await page.keyboard.press("Enter");
    await page.locator("[data-state=applied]").waitFor();
    await page.getByText("500 of 1,000 packets").waitFor();
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.getByText("1,000 packets", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Earlier filters" }).click();
    await page.getByRole("option", { name: "tcp.port" }).waitFor();
  });

  test("by keys alone: a packet, its fields, their bytes, and back from a byte to its field", async (t) => {
    const { page, visitor } = await visit(t, 1000);
    await grid(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    const tree = page.getByRole("tree", { name: "Fields" });
    await tree.getByRole("treeitem", { name: /^Internet Protocol/ }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await tree.locator("[aria-selected=true]", { hasText: "0100 .... = Version: 4" }).waitFor();
    await page.getByText("ip.version: byte 14").waitFor();
    await page.getByText("0100 ....", { exact: true }).waitFor();
    await page.getByRole("grid", { name: "Bytes" }).focus();
    for (const key of ["Home", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await tree.locator("[aria-selected=true]", { hasText: "Source Address" }).waitFor();
    await until(page, "document.querySelectorAll('.byte.lit').length === 4");
    await page.keyboard.press("ContextMenu");
    visitor.calm();
  });

  test("a menu by the right button and by the key: filter by a field, joined to what is there", async (t) => {
    const { page, scene } = await visit(t, 1000);
    await grid(page).press("Home");
    await row(page, 1).locator("[data-column=source]").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Show only: ip.src == 10.0.1.11" }).click();
    await until(page, "document.querySelector('#packet-filter').value === 'ip.src == 10.0.1.11'");
    const item = page.getByRole("treeitem", { name: /^Destination Port/ });
    await item.focus();
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitem", { name: "… and not: tcp.dstport == 8888" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByText("500 of 1,000 packets").waitFor();
    assert.equal(scene.filter, "ip.src == 10.0.1.11 && tcp.dstport == 8888");
  });

  test("a stream: its filter is a chip, sides are told apart, nothing in it is obeyed", async (t) => {
    const { page, scene } = await visit(t, 1000);
    await grid(page).press("Home");
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Follow the stream" }).click();
    await page.getByText("Welcome to the chat room.").waitFor();
    assert.match((await page.locator(".stream-pieces").textContent()) ?? "", /you are alice ␛\[31mnow␇/);
    await page.getByRole("button", { name: /^Stream: tcp.stream eq 0/ }).waitFor();
    assert.equal(scene.filter, "tcp.stream eq 0");
    await page.getByLabel("Which side").selectOption("client");
    await until(page, "document.querySelectorAll('.said').length === 1");
    await page.getByRole("button", { name: "Hex", exact: true }).click();
    await page.getByText("2f 6e 69 63 6b").waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save", exact: true }).click(),
    ]);
    assert.equal(file.suggestedFilename(), "tcp.stream-eq-0.bin");
    await page.getByRole("button", { name: /^Stream: tcp.stream eq 0/ }).click();
    await until(page, "document.querySelector('#packet-filter').value === ''");
  });

  test("a sequence diagram: what was lost, what was sent again, chosen by keys, saved as a file", async (t) => {
    const { page, visitor } = await visit(t, 1000);
    await grid(page).press("Home");
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Sequence diagram" }).click();
    const arrows = page.getByRole("listbox", { name: "Packets of the conversation" });
    await arrows.getByRole("option", { name: /^SYN Seq=0.*from alice to chat/ }).waitFor();
    await arrows.focus();
    await page.keyboard.press("Home");
    for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowDown");
    await arrows.getByRole("option", { name: /lost: Lost on the cable/, selected: true }).waitFor();
    await page.locator(".seq-link").first().waitFor({ state: "attached" }); // a retransmission is tied to what was lost
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as SVG" }).click(),
    ]);
    assert.match(file.suggestedFilename(), /\.svg$/);
    visitor.calm();
  });

  test("by touch on a narrow screen: a row opens its packet, a long press its menu, and there is a way back", async (t) => {
    const { page, visitor } = await visit(t, 1000, { viewport: SIZES.narrow, hasTouch: true, isMobile: true });
    await page.getByRole("button", { name: "Packets", exact: true }).tap();
    await grid(page).press("Home");
    await row(page, 1).tap();
    await page.getByRole("tree", { name: "Fields" }).waitFor();
    await page.getByRole("button", { name: "Back to the list" }).tap();
    await row(page, 2).dispatchEvent("pointerdown", {
      pointerType: "touch",
      clientX: 100,
      clientY: 300,
      bubbles: true,
    });
    await page.getByRole("menuitem", { name: "Follow the stream" }).tap();
    await page.getByText("Welcome to the chat room.").waitFor();
    visitor.calm();
  });

  // What of this any network brings, test/browser/every-view.test.ts goes through; here are all protocols, marks and losses.
  for (const [size, viewport] of isLong() ? Object.entries(SIZES) : [["wide", SIZES.wide] as const]) {
    test(`axe finds nothing on a ${size} screen, light or dark`, async (t) => {
      const { page, visitor } = await visit(t, 1000, { viewport, reducedMotion: "reduce" });
      const look = () => assertAccessible(page, "#panel-packets");
      if (size === "narrow") await page.getByRole("button", { name: "Packets", exact: true }).click();
      await grid(page).press("Home");
      await row(page, 4).waitFor();
      await look();
      await row(page, 1).click();
      await page.getByRole("treeitem", { name: /^Destination Port/ }).click();
      await look();
      await page.getByRole("button", { name: "What really happened" }).click();
      await look();
      await page.getByRole("button", { name: "More" }).click();
      await look();
      await page.getByRole("menuitem", { name: "Follow the stream" }).click();
      await page.getByText("Welcome to the chat room.").waitFor();
      await look();
      await page.getByRole("button", { name: "Sequence diagram", exact: true }).click();
      await page.getByRole("option", { name: /^SYN Seq=0/ }).waitFor();
      await look();
      visitor.calm();
    });
  }
});
