/** What holds for every view of the page: axe finds nothing, in both themes; no text is left untranslated or cut off. */
import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { isLong } from "../size.ts";
import { violations } from "./axe.ts";
import { hasChromium, LabProcess, launchBrowser, SIZES, Visitor } from "./harness.ts";
import { cutOff, untranslated } from "./language.ts";
import { Story, VIEWS } from "./views.ts";

type Look = readonly ["light" | "dark", keyof typeof SIZES];
/** Each theme; in the long run on each size of screen. */
const LOOKS: readonly Look[] = [
  ["light", "wide"],
  ["dark", "wide"],
];
const EVERY_LOOK: readonly Look[] = [
  ...LOOKS,
  ["light", "middle"],
  ["dark", "middle"],
  ["light", "narrow"],
  ["dark", "narrow"],
];

const PORTS = ["join", "clock", "datagrams"].flatMap((door) => ["--port", `${door}=0`]);

describe("every view of the page", { timeout: 600_000, skip: !hasChromium() && "no chromium" }, () => {
  let browser: Browser;

  before(async (t) => {
    browser = (await launchBrowser(t as never)) as Browser;
  });
  after(() => browser?.close());

  async function visit(t: TestContext, options: BrowserContextOptions, language = "en") {
    const lab = await LabProcess.start(t, "examples/chat-room.yaml", ...PORTS);
    const context = await browser.newContext({ viewport: SIZES.wide, locale: "en-GB", ...options });
    t.after(() => context.close());
    await context.addInitScript(`localStorage.setItem("netarium-language", "${language}")`);
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

  for (const [colorScheme, size] of isLong() ? EVERY_LOOK : LOOKS) {
    test(`axe finds nothing, ${colorScheme} on a ${size} screen`, async (t) => {
      const viewport = SIZES[size];
      const { page, story, visitor } = await visit(t, { viewport, colorScheme, reducedMotion: "reduce" });
      await walk(page, violations);
      await faults(page, story, violations);
      visitor.calm();
    });
  }

  for (const [size, viewport] of Object.entries(SIZES)) {
    test(`no text is untranslated or cut off on a ${size} screen`, async (t) => {
      const { page, story, visitor } = await visit(t, { viewport, reducedMotion: "reduce" }, "pseudo");
      const look = async (): Promise<string[]> => [...(await untranslated(page)), ...(await cutOff(page))];
      await walk(page, look);
      // All at once they leave the panels below little room, so only they themselves are looked at.
      const notices = ".time-notice *, .page-notice *, .trouble *";
      await faults(page, story, async () => [...(await untranslated(page)), ...(await cutOff(page, notices))]);
      visitor.calm();
    });
  }
});
