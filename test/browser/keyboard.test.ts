/** The whole of the lab by the keyboard alone, in one journey: nothing is clicked on, and nothing gets the focus but by keys. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { focusOn, hasChromium, launchBrowser, until, Visitor } from "./harness.ts";
import { LabHere } from "./lab-here.ts";

/** Presses of Tab after which something is out of reach. */
const REACH = 120;
/** Runs in the page: what has the focus is called. */
const NAME = `(() => {
  const at = document.activeElement;
  return at?.getAttribute("aria-label") ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? "";
})()`;
const TERMINAL = ".xterm-helper-textarea";

describe("by the keyboard alone", { timeout: 300_000, skip: !hasChromium() && "no chromium" }, () => {
  let browser: Browser;
  let lab: LabHere;
  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
    lab = await LabHere.start("examples/chat-room.yaml");
  });
  after(async () => {
    await browser?.close();
    await lab?.close();
  });

  test("from the first steps over packets, streams and terminals to another course of the network", async () => {
    const visitor = await Visitor.open(browser, lab.url);
    const { page } = visitor;
    await page.locator(".device").first().waitFor();
    await firstSteps(page);
    await packets(page);
    await streams(page);
    await time(page);
    visitor.calm();
  });

  /** Somebody without a tool goes by the terminal of the guest's PC to the handshake of a connection of their own. */
  async function firstSteps(page: Page): Promise<void> {
    await tabTo(page, /^No tool\? Use guest's terminal/);
    await page.keyboard.press("Enter");
    await tabTo(page, /^Open guest's terminal/);
    await page.keyboard.press("Enter");
    await shows(page, "guest$");
    await type(page, "nc chat 8888");
    await shows(page, "Welcome");
    await type(page, "Keya");
    await leaveTerminal(page);
    await page.locator(".guide button", { hasText: "Show its packets" }).waitFor();
    await tabTo(page, /^Show its packets/, "*", "Shift+Tab"); // forwards is the terminal, which takes Tab
    await page.keyboard.press("Enter");
    await page.locator(".guide button:not(:disabled)", { hasText: "Draw the sequence" }).waitFor();
    await tabTo(page, /^Draw the sequence/);
    await page.keyboard.press("Enter");
    await page.getByText("That was the three-way handshake of your own connection.").waitFor();
    await page.locator("[role=listbox] [role=option]").first().waitFor();
  }

  /** A filter, a packet that passes it, its fields, their bytes, and back. */
  async function packets(page: Page): Promise<void> {
    await choose(page, "Go to the newest");
    await page.keyboard.press("/");
    await focusOn(page, "#packet-filter");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("tcp.len > 0 && ip.src == 10.0.1.13");
    await page.keyboard.press("Enter");
    await page.locator("[data-state=applied]").waitFor();
    await page.locator(".packets-status > span", { hasText: /^[1-9]\d* of / }).waitFor();
    await tabTo(page, /^Packets$/, "[role=grid]");
    await page.keyboard.press("Home");
    await page.locator(".packet-row[aria-selected=true]").waitFor();
    const tree = page.getByRole("tree", { name: "Fields" });
    await tree.getByRole("treeitem", { name: /^Internet Protocol/ }).waitFor();
    await tabTo(page, /./, "[role=treeitem]");
    await page.keyboard.press("Home");
    for (let press = 0; press < 20; press++) {
      if (/Internet Protocol/.test(await page.evaluate(NAME))) break;
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.getByText("ip.version: byte 14").waitFor();
    await tabTo(page, /^Bytes$/, "[role=grid]");
    await page.keyboard.press("Home");
    await tree.locator("[aria-selected=true]", { hasText: /^\W*Address: / }).waitFor();
    await page.getByText("eth.addr: bytes 6 to 11").waitFor();
  }

  /** What both said, and a ping from another terminal. */
  async function streams(page: Page): Promise<void> {
    await choose(page, "Follow the stream");
    await page.locator(".said.client", { hasText: "Keya" }).first().waitFor();
    await choose(page, "Sequence diagram");
    await page.locator("[role=listbox] [role=option]").first().waitFor();
    await choose(page, "Open a terminal on alice");
    await shows(page, "alice$");
    await type(page, "ping -c 1 chat");
    await shows(page, "1 packets transmitted, 1 received");
    await leaveTerminal(page);
  }

  /** Pause, steps, a look back, and another course from there. */
  async function time(page: Page): Promise<void> {
    await focusNowhere(page);
    await page.keyboard.press("Space");
    await state(page, "paused");
    const stood = await page.locator(".clock-time").innerText();
    for (const key of [".", ",", ".", ",", ".", ",", ".", ","]) await page.keyboard.press(key);
    await page.locator(".clock-time", { hasNotText: stood }).waitFor();
    await page.keyboard.press("Alt+6");
    await until(page, "document.activeElement.matches('.time-line [role=slider]')");
    for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowLeft");
    await page.getByText(/^Looking back at/).waitFor();
    await page.keyboard.press("g");
    await page.getByRole("dialog").getByRole("button", { name: "Begin a new branch" }).waitFor();
    await tabTo(page, /^Begin a new branch/);
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Branch" }).waitFor();
    await page.getByText(/^Looking back at/).waitFor({ state: "detached" });
    await state(page, "paused");
    await focusNowhere(page);
    await page.keyboard.press("Space");
    await state(page, "running");
    assert.equal(lab.engine.state.branches.length, 2);
  }
});

/** Presses Tab until something of a name has the focus. @param among of these alone @param key Shift+Tab goes back */
async function tabTo(page: Page, name: RegExp, among = "*", key = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let press = 0; press < REACH; press++) {
    await page.keyboard.press(key);
    const called = await page.evaluate<string>(NAME);
    if (name.test(called.trim()) && (await page.evaluate(`document.activeElement.matches("${among}")`))) return;
    passed.push(called.slice(0, 30));
  }
  assert.fail(`${name} is not reached by Tab: ${passed.join(" · ")}`);
}

/** Does an action of the palette. */
async function choose(page: Page, action: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await focusOn(page, "dialog [role=combobox]");
  await page.keyboard.type(action);
  await page.getByRole("option", { selected: true }).getByText(action, { exact: false }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

async function type(page: Page, line: string): Promise<void> {
  await focusOn(page, TERMINAL);
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

const shows = (page: Page, text: string): Promise<void> =>
  page.locator(".xterm-rows", { hasText: text }).waitFor({ state: "attached" });

async function leaveTerminal(page: Page): Promise<void> {
  await page.keyboard.press("Shift+Tab");
  await until(page, `!document.activeElement.matches("${TERMINAL}")`);
}

/** To where Space is a shortcut, and presses no button. */
async function focusNowhere(page: Page): Promise<void> {
  await page.keyboard.press("Alt+2");
  await until(page, "document.activeElement.closest('#panel-packets') != null");
}

const state = (page: Page, words: string): Promise<void> =>
  page.locator(".clock-state", { hasText: new RegExp(`^${words}$`) }).waitFor();
