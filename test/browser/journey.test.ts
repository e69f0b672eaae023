/** The way that the lab is for, in one go: a real client in the chat, watched, stopped, turned back, and gone on from there. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, describe, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { readPcapng } from "../../src/capture/pcapng/reader.ts";
import { requireTool } from "../require.ts";
import { damagedFrames } from "../tshark.ts";
import { hasChromium, LabProcess, launchBrowser, Visitor } from "./harness.ts";

/** Somebody's nc, and what it has printed. */
class Netcat {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<unknown>;
  #heard = "";
  #listeners: (() => void)[] = [];

  constructor(t: TestContext, port: number) {
    this.#child = spawn("nc", ["127.0.0.1", `${port}`]);
    this.ended = new Promise((resolve) => this.#child.on("exit", resolve));
    t.after(() => void this.#child.kill());
    this.#child.stdin.on("error", () => {}); // it may end while it is spoken to
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#heard += text;
      for (const listener of this.#listeners.splice(0)) listener();
    });
  }

  say(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  async hears(words: RegExp): Promise<void> {
    while (!words.test(this.#heard)) await new Promise<void>((resolve) => this.#listeners.push(resolve));
  }
}

describe("from a chat by nc to another course of it", {
  timeout: 300_000,
  skip: !hasChromium() && "no chromium",
}, () => {
  let browser: Browser;
  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
  });
  after(() => browser?.close());

  test("nc chats, the page watches, pauses, steps, goes back to the same bytes and on from there", async (t) => {
    if (!requireTool(t, "nc") || !requireTool(t, "tshark")) return;
    const ports = ["join", "clock", "datagrams"].flatMap((door) => ["--port", `${door}=0`]);
    const lab = await LabProcess.start(t, "examples/chat-room.yaml", ...ports);
    const visitor = await Visitor.open(browser, lab.url, { acceptDownloads: true });
    const { page } = visitor;
    const command = (await page.locator(".guide code").first().textContent()) ?? "";
    const port = Number(/^nc 127\.0\.0\.1 (\d+)$/.exec(command)?.[1]);

    const nc = new Netcat(t, port);
    await nc.hears(/./);
    nc.say("Carla");
    nc.say("this is my own line");
    await filter(page, 'tcp contains "this is my own line"');
    await someShown(page);
    await filter(page, "");

    await page.locator("body").press("Space");
    await state(page, "paused");
    const stood = await clock(page);
    for (let packets = 0; packets < 8; packets++) await page.locator("body").press(".");
    await page.locator(".clock-time", { hasNotText: stood }).waitFor();
    const first = await capture(page);
    assert.deepEqual(await damagedFrames(first), []);

    // Back over what was said is one thing, over all since the start another: here to a moment in between.
    const line = page.getByRole("slider", { name: "Time line" });
    await line.focus();
    await line.press("ArrowLeft");
    await page.getByText(/^Looking back at/).waitFor();
    await page.locator("body").press("g");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Connections of real programs outside").waitFor();
    await dialog.getByRole("button", { name: "Begin a new branch" }).click();
    await page.getByRole("combobox", { name: "Branch" }).waitFor();
    nc.say("anybody there?"); // nc looks at its connection when it has something to say
    await nc.ended;
    await page.getByText(/^Looking back at/).waitFor({ state: "detached" });
    await state(page, "paused");
    assert.equal(await page.getByText("The replay differs").count(), 0);
    const again = await capture(page);
    const [frames, repeated] = [framesOf(first), framesOf(again)];
    assert.ok(repeated.length > 20 && repeated.length < frames.length, `${repeated.length} of ${frames.length} frames`);
    assert.ok(
      repeated.some((frame) => frame.includes(Buffer.from("this is my own line").toString("hex"))),
      "what came from outside is among them",
    );
    assert.deepEqual(repeated, frames.slice(0, repeated.length));

    await page.getByRole("button", { name: "Play or pause" }).click();
    await state(page, "running");
    const other = new Netcat(t, port);
    await other.hears(/./);
    other.say("Dora");
    other.say("on the new branch");
    await filter(page, 'tcp contains "on the new branch"');
    await someShown(page);
    visitor.calm();
  });
});

const state = (page: Page, words: string): Promise<void> =>
  page.locator(".clock-state", { hasText: new RegExp(`^${words}$`) }).waitFor();
const clock = (page: Page): Promise<string> => page.locator(".clock-time").innerText();

async function filter(page: Page, text: string): Promise<void> {
  await page.getByRole("combobox", { name: "Display filter" }).fill(text);
  await page.locator("[data-state=valid], [data-state=applied], [data-state=empty]").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Display filter" }).blur(); // keys are shortcuts again
}

/** Some packets pass the filter. */
const someShown = (page: Page): Promise<void> =>
  page.locator(".packets-status > span", { hasText: /^[1-9][\d,]* of / }).waitFor();

/** All packets, as the page saves them. */
async function capture(page: Page): Promise<Buffer> {
  await page.getByRole("button", { name: "More" }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Save all packets (pcapng)" }).click();
  return readFileSync(await (await saved).path());
}

/** When, where and what each frame of a capture is. */
function framesOf(file: Uint8Array): string[] {
  return readPcapng(file).captured.map(
    ({ time, interface: { name }, data }) => `${time} ${name} ${Buffer.from(data).toString("hex")}`,
  );
}
