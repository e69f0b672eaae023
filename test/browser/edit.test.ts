/** A network built from nothing on the page: with the mouse, and with the keyboard alone. */
import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { violations } from "./axe.ts";
import { hasChromium, LabProcess, launchBrowser, Visitor } from "./harness.ts";
import { act } from "./views.ts";

const EMPTY = "test/browser/empty.yaml";

const node = (page: Page, name: string) => page.locator(`.react-flow__node[data-id="${name}"]`);
const shown = (page: Page, name: string): Promise<void> => node(page, name).waitFor();
const cables = (page: Page) => page.locator(".react-flow__edge");

/** The document's text, as its panel shows it. */
async function textOf(page: Page): Promise<string> {
  await act(page, "go.text");
  await page.locator(".cm-content").waitFor();
  return (await page.locator(".cm-line").allTextContents()).join("\n");
}

/** Takes everything back, step by step. */
async function undoAll(page: Page): Promise<void> {
  const button = page.locator(".device-palette").getByRole("button", { name: "Undo", exact: true });
  // The last step may be undone between a look and a click: of a button that is off a click is nothing.
  while ((await page.locator(".react-flow__node").count()) > 0) await button.dispatchEvent("click");
}

describe("a network is built on the page", { timeout: 240_000, skip: !hasChromium() && "no chromium" }, () => {
  let browser: Browser;
  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
  });
  after(() => browser?.close());

  async function visit(t: TestContext): Promise<Visitor> {
    const lab = await LabProcess.start(t, EMPTY);
    const visitor = await Visitor.open(browser, lab.url);
    t.after(() => visitor.close());
    await visitor.page.locator(".edit-toggle:enabled").waitFor();
    return visitor;
  }

  /** A ping from one host to another by the router between them. */
  async function pings(page: Page, from: string, to: string): Promise<void> {
    await act(page, `terminal.open.${from}`);
    await page.locator(".xterm-rows", { hasText: `${from}$` }).waitFor({ state: "attached" });
    await page.locator(".xterm textarea:focus").waitFor({ state: "attached" });
    await page.keyboard.type(`ping -c 2 ${to}\n`);
    await page.locator(".xterm-rows", { hasText: "2 received" }).waitFor({ state: "attached" });
    await page.locator(".xterm-rows", { hasText: "ttl=63" }).waitFor({ state: "attached" });
    await page.keyboard.press("Shift+Tab");
  }

  test("with the mouse: devices and cables are dragged, numbered, and carry a ping across the router; all is undone", async (t) => {
    const visitor = await visit(t);
    const { page } = visitor;
    const first = await textOf(page);
    await page.locator(".edit-toggle").click();
    const palette = page.locator(".device-palette");
    await palette.waitFor();
    const drop = async (what: string, name: string, x: number, y: number): Promise<void> => {
      const from = await palette.getByRole("button", { name: what }).boundingBox();
      const ground = await page.locator(".canvas").boundingBox();
      if (from === null || ground === null) throw new Error("the palette stands over the canvas");
      await page.mouse.move(from.x + 12, from.y + 12);
      await page.mouse.down();
      await page.mouse.move(ground.x + x, ground.y + y, { steps: 4 });
      await page.mouse.up();
      await shown(page, name);
    };
    await drop("Add a host", "pc1", 120, 150);
    await drop("Add a host", "pc2", 120, 290);
    await drop("Add a switch", "switch1", 280, 210);
    await drop("Add a router", "router1", 440, 210);
    await drop("Add a host", "pc3", 600, 210);
    await palette.getByRole("button", { name: "Cable: draw it" }).click();
    const middle = async (name: string): Promise<[number, number]> => {
      const box = await node(page, name).locator(".device-icon").boundingBox();
      if (box === null) throw new Error(`${name} is on the screen`);
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const pairs = [
      ["pc1", "switch1"],
      ["pc2", "switch1"],
      ["switch1", "router1"],
      ["router1", "pc3"],
    ] as const;
    for (const [count, [a, b]] of pairs.entries()) {
      await page.mouse.move(...(await middle(a)));
      await page.mouse.down();
      await page.mouse.move(...(await middle(b)), { steps: 4 });
      await page.mouse.up();
      await cables(page).nth(count).waitFor({ state: "attached" });
    }
    await palette.getByRole("button", { name: "Give addresses" }).click();
    await page.getByText("addresses and gateways given").waitFor();
    assert.deepEqual(await violations(page), [], "editing");
    await pings(page, "pc1", "pc3");
    const built = await textOf(page);
    assert.match(built, /pc1: \{ kind: host, address: 10\.0\.1\.11\/24, gateway: 10\.0\.1\.1 \}/);

    // A condition by the cable's menu, and what the engine refuses at its field.
    await cables(page).nth(2).focus();
    await page.keyboard.press("Shift+F10");
    await page.getByRole("menuitem", { name: /^Loss/ }).click();
    const loss = page.getByRole("textbox", { name: "Loss, Both ways" });
    await page.locator("dialog input:focus").waitFor();
    await page.keyboard.type("much");
    await page.keyboard.press("Enter");
    await page.locator(".field-problem:not([hidden])").waitFor();
    assert.deepEqual(await violations(page, "dialog"), [], "conditions");
    await loss.fill("2%");
    await page.keyboard.press("Enter");
    await page.locator(".field-problem:not([hidden])").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    assert.match(await textOf(page), /loss: 2%/);

    await undoAll(page);
    assert.equal(await textOf(page), first);
    visitor.calm();
  });

  test("with the keyboard alone: the same network, a wrong address and its problem, and undo by its key", async (t) => {
    const visitor = await visit(t);
    const { page } = visitor;
    const first = await textOf(page);
    const does = async (words: string): Promise<void> => {
      await page.keyboard.press("Control+k");
      await page.locator("dialog [role=combobox]:focus").waitFor();
      await page.keyboard.type(words);
      await page.keyboard.press("Enter");
      await page.locator("dialog [role=combobox]").waitFor({ state: "detached" });
    };
    const added = ["host pc1", "switch switch1", "router router1", "host pc2"];
    for (const each of added) {
      const [kind, name] = each.split(" ") as [string, string];
      await does(`edit.add.${kind}`);
      await shown(page, name);
    }
    const connect = async (from: string, to: string, count: number): Promise<void> => {
      await does(`host.show.${from}`);
      await page.getByRole("heading", { name: from, exact: true }).waitFor();
      await does("edit.connect");
      await page.locator("dialog select:focus").waitFor();
      await page.keyboard.type(to);
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await cables(page).nth(count).waitFor({ state: "attached" });
    };
    await connect("pc1", "switch1", 0);
    await connect("switch1", "router1", 1);
    await connect("router1", "pc2", 2);
    await does("edit.number");
    await page.getByText("addresses and gateways given").waitFor();
    await does("host.show.pc1");
    const address = page
      .getByRole("combobox", { name: "Address, with the length of its prefix" })
      .or(page.getByRole("textbox", { name: "Address, with the length of its prefix" }));
    await address.focus();
    await page.keyboard.type("10.0.1.999/24");
    await page.keyboard.press("Enter");
    await page.locator(".field-problem:not([hidden])").first().waitFor();
    assert.deepEqual(await violations(page, ".host"), [], "settings");
    await page.keyboard.press("Escape");
    await pings(page, "pc1", "pc2");
    await act(page, "go.canvas");
    while ((await page.locator(".react-flow__node").count()) > 0) await page.keyboard.press("Control+z");
    assert.equal(await textOf(page), first);
    visitor.calm();
  });
});
