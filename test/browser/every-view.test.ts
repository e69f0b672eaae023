/** What holds for every view of the page: no text is left untranslated or cut off, and axe finds nothing, in both themes. */
import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isLong } from "../size.ts";
import { violations } from "./axe.ts";
import { hasChromium, launchBrowser, SIZES, Visitor } from "./harness.ts";
import { LabHere } from "./lab-here.ts";
import { cutOff, untranslated } from "./language.ts";
import { Story, VIEWS } from "./views.ts";

describe("every view of the page", { timeout: 600_000, skip: !hasChromium() && "no chromium" }, () => {
  let browser: Browser;

  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
  });
  after(() => browser?.close());

  /** In the pseudo-language; axe says the same of any. */
  async function visit(t: TestContext, viewport: (typeof SIZES)[keyof typeof SIZES]) {
    const lab = await LabHere.start("examples/chat-room.yaml");
    t.after(() => lab.close());
    const context = await browser.newContext({ viewport, locale: "en-GB", reducedMotion: "reduce" });
    t.after(() => context.close());
    await context.addInitScript('localStorage.setItem("netarium-language", "pseudo")');
    const page = await context.newPage();
    const story = new Story();
    await story.stage(page);
    const visitor = await Visitor.inContext(page, lab.url);
    return { page, story, visitor };
  }

  /** Goes through all views. @param look what is wrong there */
  async function walk(page: Page, look: (page: Page) => Promise<readonly string[]>): Promise<void> {
    const wrong: Record<string, readonly string[]> = {};
    for (const { name, show } of VIEWS) {
      await show(page).catch((error: Error) => assert.fail(`${name}: ${error.message}`));
      const found = await look(page);
      if (found.length > 0) wrong[name] = found;
    }
    assert.deepEqual(wrong, {});
  }

  /** What goes wrong once in a long while, one after the other. */
  async function faults(page: Page, story: Story, look: (page: Page) => Promise<readonly string[]>): Promise<void> {
    await page.keyboard.press("Escape");
    const limit = 256 * 2 ** 20;
    const capture = { first: 5, next: 50, bytes: limit, limit, eventLimit: 2_500_000, earliest: 1 };
    story.tell({ capture, forgiven: 5_000, waitsFor: ["tls"], replaying: 0.4, differs: { event: 7, at: 1_000_000 } });
    await page.locator(".time-notice-bad[role=alert]").waitFor();
    story.shut("join");
    await page.locator(".page-notice").waitFor();
    assert.deepEqual(await look(page), [], "limits and differences");
    story.tell({ failed: { code: "livelock", params: {}, text: "Devices send without end." } });
    assert.deepEqual(await look(page), [], "a run that failed");
    for (const code of ["token", "version", "busy"] as const) {
      story.refuse(code);
      await page.locator('.status-link[data-link="refused"]').waitFor();
      assert.deepEqual(await look(page), [], code);
      await page.locator(".trouble button").click();
      await page.locator('.status-link[data-link="open"]').waitFor();
    }
  }

  for (const [size, viewport] of Object.entries(SIZES)) {
    const withAxe = size === "wide" || isLong();
    const told = `no text is untranslated or cut off on a ${size} screen`;
    test(withAxe ? `${told}, and axe finds nothing in either theme` : told, async (t) => {
      const { page, story, visitor } = await visit(t, viewport);
      /** @param part what is looked at for texts that are cut off */
      const look = async (part?: string): Promise<string[]> => [
        ...(await untranslated(page)),
        ...(await cutOff(page, part)),
        ...(withAxe ? await violations(page) : []),
      ];
      await walk(page, () => look());
      // All at once they leave the panels below little room, so only they themselves are looked at.
      await faults(page, story, () => look(".time-notice *, .page-notice *, .trouble *"));
      visitor.calm();
    });
  }
});
