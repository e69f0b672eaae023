/** Time as the page steers it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";
import { udpSender } from "../../src/application/index.ts";
import { describeEach, type RunningLab } from "./engines.ts";
import { focusOn, launchBrowser, SIZES, Visitor } from "./harness.ts";
import type { LabHere } from "./lab-here.ts";

describeEach("time in the lab's page", (start, testServed) => {
  let browser: Browser;
  let lab: RunningLab;
  let visitor: Visitor;

  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
  });
  after(() => browser?.close());
  beforeEach(async () => {
    lab = await start("test/browser/talk.yaml");
    visitor = await Visitor.open(browser, lab.url);
    await visitor.page.locator('.status-link[data-link="open"]').waitFor();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((each) => each.close()));
    await lab.close();
  });

  /** Nanoseconds that the clock shows. */
  const clock = async (): Promise<number> => {
    const shown = await visitor.page.locator(".clock-time").innerText();
    const [, hours = "0", minutes, seconds] = /(?:(\d+):)?(\d+):(\d+\.\d{6})/.exec(shown.replaceAll(/\s/g, "")) ?? [];
    return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6) * 1e3;
  };
  const state = (words: string): Promise<void> =>
    visitor.page.locator(".clock-state", { hasText: new RegExp(`^${words}$`) }).waitFor();
  const press = (key: string): Promise<void> => visitor.page.locator("body").press(key);
  const pause = async (): Promise<void> => {
    await press("Space");
    await state("paused");
  };
  /** Types a time to run to. */
  const ask = async (time: string): Promise<void> => {
    await press("u");
    await focusOn(visitor.page, "#time-run-until");
    await visitor.page.keyboard.type(time);
    await visitor.page.keyboard.press("Enter");
  };
  const clockShows = (text: string): Promise<void> =>
    visitor.page.locator(".clock-time", { hasText: new RegExp(`${text.replaceAll(".", "\\.")}$`) }).waitFor();
  /** Steps until the clock has moved: several things may happen at one instant, as when a hub repeats a frame. */
  const stepped = async (step: () => Promise<void>): Promise<void> => {
    const was = await visitor.page.locator(".clock-time").innerText();
    for (let times = 0; times < 12; times++) await step();
    await visitor.page.locator(".clock-time", { hasNotText: was }).waitFor();
  };

  test("it is paused, stepped by event and packet, and run to a time, by the keyboard alone", async () => {
    await pause();
    const began = await clock();
    assert.equal(await clock(), began, "it stands");
    await stepped(() => press("."));
    assert.ok((await clock()) > began);
    await stepped(() => press(","));
    await ask("1:00");
    await clockShows("01:00.000000");
    await state("paused");
    await ask("+2.5");
    await clockShows("01:02.500000");
    visitor.calm();
  });

  test("Space pauses though a button was clicked before, and presses a button that the keyboard has come to", async () => {
    const slow = visitor.page.getByRole("button", { name: "Slow motion" });
    await slow.click();
    await visitor.page.locator('.speed [aria-pressed="true"]').waitFor();
    await visitor.page.keyboard.press("Space");
    await state("paused");
    assert.equal(await slow.getAttribute("aria-pressed"), "true", "it was not pressed again");
    await visitor.page.keyboard.press("Shift+Tab");
    await visitor.page.keyboard.press("Tab");
    await visitor.page.keyboard.press("Space");
    await visitor.page.locator('.speed [aria-pressed="false"]').waitFor();
    assert.equal(await slow.getAttribute("aria-pressed"), "false");
    await state("paused");
    visitor.calm();
  });

  test("what is no time, or past, is not run to, and is told at the field", async () => {
    await pause();
    const wrong = visitor.page.locator(".run-until-wrong");
    await ask("soon");
    await wrong.getByText("Write a time such as").waitFor();
    await visitor.page.locator(".run-until input").fill("0");
    await visitor.page.keyboard.press("Enter");
    await wrong.getByText("That is past").waitFor();
    visitor.calm();
  });

  test("its speed goes by the slider, by keys and to slow motion and back", async () => {
    const shown = (text: string): Promise<void> =>
      visitor.page.locator(".speed-value", { hasText: new RegExp(`^${text}$`) }).waitFor();
    const slider = visitor.page.getByRole("slider", { name: "Speed" });
    await shown("1×");
    await press("-");
    await shown("0.5×");
    await press("+");
    await press("+");
    await shown("2×");
    await slider.focus();
    await slider.press("End");
    await shown("max");
    assert.equal(await slider.getAttribute("aria-valuetext"), "as fast as it can");
    await slider.press("Home");
    await shown("0.001×");
    await press("1");
    await shown("1×");
    const slow = visitor.page.getByRole("button", { name: "Slow motion" });
    await slow.click();
    await visitor.page.locator('.speed [aria-pressed="true"]').waitFor();
    assert.equal(await visitor.page.locator(".speed-value").innerText(), "0.017×", "10 ms take 600");
    await slow.click();
    await shown("1×");
    visitor.calm();
  });

  testServed(
    "one looks back without a change, and going on from there is another branch that resets who is connected",
    async () => {
      const [, port] = lab.door("echo").split(":");
      const client = connect(Number(port), "127.0.0.1");
      client.write("hello\n");
      const [echo] = (await once(client.setEncoding("utf8"), "data")) as [string];
      assert.equal(echo, "hello\n");
      await ask("1:00");
      await clockShows("01:00.000000");
      const line = visitor.page.getByRole("slider", { name: "Time line" });
      await line.focus();
      for (let times = 0; times < 5; times++) await line.press("PageDown");
      await visitor.page.getByText(/^Looking back at/).waitFor();
      const now = await clock();
      assert.match((await line.getAttribute("aria-valuetext")) ?? "", /^looking back at/);
      await line.press("End");
      await visitor.page.getByText(/^Looking back at/).waitFor({ state: "detached" });
      assert.equal(await clock(), now);
      const filter = visitor.page.getByRole("combobox", { name: "Display filter" });
      await filter.fill("arp");
      await filter.press("Enter");
      await visitor.page.locator("[data-state=applied]").waitFor();
      await line.focus();
      await line.press("Home");
      await line.press("PageUp");
      await press("g");
      const dialog = visitor.page.getByRole("dialog");
      await dialog.getByText("Connections of real programs outside").waitFor();
      const reset = once(client, "error");
      await dialog.getByRole("button", { name: "Begin a new branch" }).click();
      await reset;
      await visitor.page.getByRole("combobox", { name: "Branch" }).waitFor();
      await visitor.page.locator(".packet-row[data-index]").first().waitFor(); // as many as before, of another run
      await state("paused");
      assert.ok((await clock()) < now);
      await visitor.page.getByText(/^Looking back at/).waitFor({ state: "detached" });
      const again = connect(Number(port), "127.0.0.1");
      await press("Space");
      again.write("once more\n");
      const [second] = (await once(again.setEncoding("utf8"), "data")) as [string];
      assert.equal(second, "once more\n");
      again.destroy();
      visitor.calm();
    },
  );

  testServed("a replay that differs from what it repeats names the first event that does", async () => {
    const { engine } = lab as LabHere;
    await pause();
    // Past the log of inputs nothing may reach into a network: a replay cannot know of it.
    const was = engine.course.log;
    const first = was.next;
    engine.course.network.start("guest", udpSender, { to: { address: "10.0.0.1", port: 9 }, texts: ["by no input"] });
    const ofGuest = (event: number): boolean => Buffer.from(was.frame(event)).includes(Buffer.from([10, 0, 0, 3]));
    await ask("1:00");
    await clockShows("01:00.000000");
    const line = visitor.page.getByRole("slider", { name: "Time line" });
    await line.press("ArrowLeft");
    await press("g");
    await visitor.page.getByRole("dialog").getByRole("button", { name: "Begin a new branch" }).click();
    const notice = visitor.page.getByRole("alert").filter({ hasText: "The replay differs from what it repeats" });
    await notice.waitFor();
    const { event } = engine.state.differs ?? assert.fail("the engine knows it too");
    assert.match(await notice.innerText(), new RegExp(`first at event ${event} `));
    assert.ok(event >= first && ofGuest(event), "it is the guest's question for an address");
    for (let before = first; before < event; before++) assert.ok(!ofGuest(before));
    visitor.calm();
  });

  test("on a telephone it is all there, by touch", async () => {
    await visitor.close();
    visitor = await Visitor.open(browser, lab.url, { viewport: SIZES.narrow, hasTouch: true, isMobile: true });
    await visitor.page.getByRole("button", { name: "Play or pause" }).tap();
    await visitor.page.locator(".clock-state", { hasText: "paused" }).waitFor({ state: "attached" });
    await stepped(() => visitor.page.getByRole("button", { name: "Step to the next packet" }).tap());
    await visitor.page.locator(".track").tap({ position: { x: 40, y: 10 } });
    await visitor.page.getByText(/^Looking back at/).waitFor();
    await visitor.page.getByRole("button", { name: "Back to now" }).tap();
    const wide = await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth");
    assert.ok(Number(wide) <= 0, `${wide} px too wide`);
    visitor.calm();
  });
});
