/** The packets' panel on what an engine really tells: a network that loses one frame in ten, the same ones each time. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { requireTool } from "../require.ts";
import { damagedFrames, tshark } from "../tshark.ts";
import { describeEach, type RunningLab } from "./engines.ts";
import { launchBrowser, until, Visitor } from "./harness.ts";
import { act } from "./views.ts";

/** What curl asks for when a shell is given a command of it, whoever it was for. */
async function requestOf(command: string): Promise<IncomingMessage> {
  const server = createServer((_request, response) => void response.end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const asked = once(server, "request") as Promise<[IncomingMessage]>;
  await promisify(execFile)("sh", ["-c", `${command} --silent --connect-to ::127.0.0.1:${port}`]);
  server.close();
  return (await asked)[0];
}

describeEach("the packets of a lossy network", (start) => {
  let browser: Browser;
  let lab: RunningLab;
  let visitor: Visitor;
  let page: Page;

  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
    lab = await start("test/browser/lossy.yaml");
    visitor = await Visitor.open(browser, lab.url, {
      acceptDownloads: true,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    page = visitor.page;
    await page.locator('.status-link[data-link="open"]').waitFor();
    await page.getByLabel("Run until").fill("60");
    await page.keyboard.press("Enter");
    await page.locator(".clock-state", { hasText: "paused" }).waitFor();
    await looked();
  });
  after(async () => {
    await browser?.close();
    await lab?.close();
  });

  const grid = () => page.getByRole("grid", { name: "Packets" });
  /** All packets have been looked through. */
  const looked = () => page.getByText("looking through").waitFor({ state: "hidden" });
  const more = async (item: string): Promise<void> => {
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  async function filter(text: string): Promise<number> {
    await page.getByRole("combobox", { name: "Display filter" }).fill(text);
    await page.locator("[data-state=valid], [data-state=applied], [data-state=empty]").waitFor();
    await page.keyboard.press("Enter");
    await page.locator("[data-state=applied], [data-state=empty]").waitFor();
    // Of a filter's count there are two numbers, of all packets one: so what is read is not what stood there before.
    const form = text === "" ? /^[\d,]+ packets/ : /^[\d,]+ of [\d,]+ packets/;
    const counted = page.locator(".packets-status > span", { hasText: form });
    await counted.waitFor();
    await looked();
    return Number(/^[\d,]+/.exec(await counted.innerText())?.[0].replaceAll(",", ""));
  }
  async function saved(act: () => Promise<void>): Promise<Buffer> {
    const [file] = await Promise.all([page.waitForEvent("download"), act()]);
    return readFileSync(await file.path());
  }

  test("Enter applies what was typed though the verdict on it has not come, and nothing that is wrong", async () => {
    const input = page.getByRole("combobox", { name: "Display filter" });
    await input.fill("tcp.prot == 80");
    await input.press("Enter");
    await page.locator("[data-state=invalid]").waitFor();
    assert.ok((await page.locator(".packet-row").count()) > 0, "the list stays as it was");
    await page.getByRole("button", { name: "Did you mean tcp.port?" }).click();
    assert.equal(await input.inputValue(), "tcp.port == 80");
    await page.locator("[data-state=valid]").waitFor();
    await input.fill("tcp.flags.syn == 1");
    await input.press("Enter");
    await page.locator("[data-state=applied]").waitFor();
    await page.getByText(/^\d+ of \d+ packets/).waitFor();
    visitor.calm();
  });

  test("a filter that an analyser's label stands in finds what was sent again", async () => {
    await filter("tcp.analysis.retransmission");
    await grid().press("Home");
    await page.locator("[aria-selected=true] .mark", { hasText: "Retransmission" }).waitFor();
    visitor.calm();
  });

  test("its fields stand on its bytes", async () => {
    const tree = page.getByRole("tree", { name: "Fields" });
    await tree.getByRole("treeitem", { name: /^Internet Protocol Version 4/ }).focus();
    await page.keyboard.press("ArrowRight");
    await tree.getByRole("treeitem", { name: /^Source Address/ }).click();
    await page.getByText("ip.src: bytes 26 to 29").waitFor();
    const lit = "[...document.querySelectorAll('.byte.lit')].map((byte) => byte.textContent.trim()).join(' ')";
    await until(page, `/^0a 00 00 0[12]$/.test(${lit})`);
  });

  test("it is copied as value, filter, hex, text and JSON; as curl only what is a request", async () => {
    const copied = async (copy: () => Promise<void>): Promise<string> => {
      await page.evaluate("navigator.clipboard.writeText('nothing yet')");
      await copy();
      await until(page, "navigator.clipboard.readText().then((text) => text !== 'nothing yet')");
      return page.evaluate("navigator.clipboard.readText()");
    };
    const field = page.getByRole("tree", { name: "Fields" }).getByRole("treeitem", { name: /^Source Address/ });
    const fromMenu = async (item: string): Promise<void> => {
      await field.click({ button: "right" });
      await page.getByRole("menuitem", { name: item, exact: true }).click();
    };
    assert.match(await copied(() => fromMenu("Copy the value")), /^10\.0\.0\.[12]$/);
    assert.match(await copied(() => fromMenu("Copy as a filter")), /^ip\.src == 10\.0\.0\.[12]$/);
    assert.match(await copied(() => fromMenu("Copy as hex")), /^0000 +(?:[\da-f]{2} ){8}/);
    assert.match(await copied(() => fromMenu("Copy as text")), /Transmission Control Protocol, Src Port: \d+/);
    const packet: unknown = JSON.parse(await copied(() => fromMenu("Copy as JSON")));
    assert.match(JSON.stringify(packet), /"ip\.src":"10\.0\.0\.[12]"/);
    await fromMenu("Copy as curl");
    await page.locator(".packets-notice.bad", { hasText: "no HTTP request ends in this packet" }).waitFor();
    visitor.calm();
  });

  test("what really happened is told: where it was, and what it was caused by", async () => {
    await page.getByRole("button", { name: "What really happened" }).click();
    await page.locator(".story li").first().waitFor();
    assert.match(await page.locator(".story li").first().innerText(), /left (?:client|server)\.eth0/);
    await page.getByRole("button", { name: "Fields" }).click();
  });

  test("its sequence diagram crosses out what was lost and ties to it what was sent again", async () => {
    await more("Sequence diagram");
    await page
      .getByRole("option", { name: /lost: Lost on the cable/ })
      .first()
      .waitFor({ state: "attached" });
    await page.locator(".seq-link").first().waitFor({ state: "attached" });
    const file = (await saved(() => page.getByRole("button", { name: "Save as SVG" }).click())).toString();
    assert.match(file, /^<svg /);
    assert.match(file, /✕ Lost on the cable/);
    assert.match(file, /↻/);
    assert.doesNotMatch(file, /<style|class=|var\(|NaN/);
  });

  test("its stream shows what both said, and only its packets", async () => {
    await more("Follow the stream");
    await page.getByRole("button", { name: /^Stream: tcp.stream eq \d+/ }).waitFor();
    await page.locator(".said.server", { hasText: "Current time is 2026-01-01" }).first().waitFor();
    await page.getByRole("button", { name: /^Stream: tcp.stream/ }).click();
    await page.getByRole("button", { name: "Packets", exact: true }).first().click();
  });

  test("an export is clean to tshark: all packets, and those that are shown", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const all = await filter("");
    const whole = await saved(() => more("Save all packets (pcapng)"));
    assert.deepEqual(await damagedFrames(whole), []);
    assert.equal((await tshark(whole, "frame", ["frame.number"])).length, all);
    const shown = await filter("tcp.flags.syn == 1");
    assert.ok(shown > 0 && shown < all);
    const part = await saved(() => more("Save the packets shown (pcapng)"));
    assert.deepEqual(await damagedFrames(part), []);
    assert.equal((await tshark(part, "tcp.flags.syn == 1", ["frame.number"])).length, shown);
    visitor.calm();
  });

  test("a request is copied as the command by which curl makes it again", async (t) => {
    if (!requireTool(t, "curl")) return;
    const web = await start("examples/proxy.yaml");
    t.after(() => web.close());
    const other = await Visitor.open(browser, web.url, { permissions: ["clipboard-read", "clipboard-write"] });
    await other.page.getByRole("combobox", { name: "Display filter" }).fill("http.request && ip.dst == 10.0.0.2");
    await other.page.keyboard.press("Enter");
    await other.page.locator("[data-state=applied]").waitFor();
    await other.page.locator(".packets-status > span", { hasText: /^[1-9]\d* of / }).waitFor();
    await other.page.getByRole("grid", { name: "Packets" }).press("Home");
    await other.page.getByRole("tree", { name: "Fields" }).waitFor();
    await act(other.page, "packets.copy.curl");
    await until(other.page, "navigator.clipboard.readText().then((text) => text.startsWith('curl '))");
    const command: string = await other.page.evaluate("navigator.clipboard.readText()");
    const asked = await requestOf(command);
    assert.deepEqual([asked.method, asked.url, asked.headers.host], ["GET", "/", "10.0.0.2"], command);
    const told = await other.page.getByRole("treeitem", { name: /User-Agent: / }).textContent();
    assert.ok(told?.includes(asked.headers["user-agent"] ?? "none"), `${told}, and ${asked.headers["user-agent"]}`);
    other.calm();
    await other.close();
  });

  test("a text is found, and a packet by its number", async () => {
    await filter("");
    await page.keyboard.press("Control+g");
    await page.getByLabel("Packet number").fill("20");
    await page.keyboard.press("Enter");
    await page.locator("[aria-selected=true] .cell-number", { hasText: /^20$/ }).waitFor();
    await page.keyboard.press("Control+f");
    await page.getByLabel("What to find").fill("[FIN");
    await page.keyboard.press("Enter");
    await page.locator("[aria-selected=true]", { hasText: "[FIN, ACK]" }).waitFor();
    await page.keyboard.press("Escape");
    visitor.calm();
  });
});
