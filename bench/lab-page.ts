import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { hasChromium, LabProcess, launchBrowser, Visitor } from "../test/browser/harness.ts";
import { busyNetwork, chattyNetwork } from "./lab-network.ts";
import { LabWatcher } from "./lab-watcher.ts";
import { type Benchmark, type Figures, median, verify } from "./measure.ts";

/** Frames of the screen are counted for so long, in milliseconds. */
const WATCHED = 10_000;
/** Virtual seconds after which every pair's window fills its path. */
const WARM = 60;
/** Of which a little less than a half are rows: a frame that leaves and comes is one row and two events. */
const EVENTS = 2_100_000;
/** Milliseconds for which a filter may go through all of them: in the background, while what it has found is shown. */
const EXAMINED = 600_000;

/** How smoothly the lab's page draws a busy network, and what a list of a million rows costs. Without Chromium there is nothing to tell. */
export const labPage: Benchmark = {
  name: "lab-page",
  summary: "the lab's page in Chromium: frames a second with 50 devices and 200 packets in flight; a million rows",
  async round() {
    if (!hasChromium()) return {};
    const browser = (await launchBrowser({ skip: () => {} })) as Browser;
    try {
      const drawn = await inLab(busyNetwork(), (lab, watcher) => drawing(browser, lab, watcher));
      return { ...drawn, ...(await inLab(chattyNetwork(), (lab, watcher) => rows(browser, lab, watcher))) };
    } finally {
      await browser.close();
    }
  },
};

/** Measures in a lab of its own, on a network file. */
async function inLab(
  text: string,
  measure: (lab: LabProcess, watcher: LabWatcher) => Promise<Figures>,
): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "netarium-bench-"));
  const ends = [() => rmSync(folder, { recursive: true })];
  try {
    const file = join(folder, "network.yaml");
    writeFileSync(file, text);
    const lab = await LabProcess.start({ after: (end) => void ends.push(end as () => void) }, file);
    const watcher = await LabWatcher.open(lab.url);
    ends.push(() => watcher.close());
    return await measure(lab, watcher);
  } finally {
    for (const end of ends.reverse()) end();
  }
}

async function drawing(browser: Browser, lab: LabProcess, watcher: LabWatcher): Promise<Figures> {
  await watcher.request("time.runUntil", { at: WARM * 1e9 });
  const visitor = await Visitor.open(browser, lab.url);
  await visitor.page.locator('.status-link[data-link="open"]').waitFor();
  const counts: number[] = [];
  let flying: number[] = [];
  watcher.onTraffic = ({ now, crossings }) => {
    flying = [...flying, ...crossings.map(({ arrives }) => arrives)].filter((arrives) => arrives > now);
    counts.push(flying.length);
  };
  await watcher.request("traffic.watch", { crossings: 2000 });
  await watcher.request("time.play", {});
  await visitor.page.waitForTimeout(2_000); // so that as many fly as will
  counts.length = 0;
  const frames = await frameTimes(visitor.page);
  await watcher.request("time.pause", {});
  await watcher.request("traffic.watch", { crossings: 0 });
  visitor.calm();
  await visitor.close();
  const inFlight = median(counts);
  verify(inFlight >= 200, `${inFlight} packets are in flight, not 200`);
  return {
    "lab.page.inFlight.packets": inFlight,
    "lab.page.framesPerSecond": 1000 / median(frames),
    "lab.page.frame95Ms": frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? Number.NaN,
  };
}

/** Milliseconds between the frames that the page draws. */
function frameTimes(page: Page): Promise<number[]> {
  return page.evaluate(`new Promise((done) => {
    const times = [];
    let last;
    const begun = performance.now();
    const frame = (now) => {
      if (last !== undefined) times.push(now - last);
      last = now;
      if (now - begun < ${WATCHED}) requestAnimationFrame(frame);
      else done(times);
    };
    requestAnimationFrame(frame);
  })`);
}

async function rows(browser: Browser, lab: LabProcess, watcher: LabWatcher): Promise<Figures> {
  for (let at = 300e9; (watcher.state?.capture.next ?? 0) < EVENTS; at += 20e9) {
    await watcher.request("time.runUntil", { at });
  }
  verify(watcher.state?.capture.first === 0, "a million rows fit into the event log");
  const visitor = await Visitor.open(browser, lab.url);
  const { page } = visitor;
  const list = page.locator(".packet-list");
  await list.locator("[data-index]").first().waitFor();
  const status = page.locator(".packets-status > span").first();
  const examined = (): Promise<void> =>
    page.locator(".packets-status", { hasNotText: "%" }).waitFor({ timeout: EXAMINED });
  const listed = performance.now();
  await status.filter({ hasText: /^1,\d{3},\d{3} / }).waitFor({ timeout: EXAMINED });
  await examined();
  const listing = performance.now() - listed;
  await list.focus();
  /** The selected row says so. */
  const shows = (cell: string, hasText: RegExp): Promise<void> =>
    list.locator(`[aria-selected="true"] .cell-${cell}`, { hasText }).waitFor();
  const lasts = async (act: () => Promise<void>): Promise<number> => {
    const began = performance.now();
    await act();
    return performance.now() - began;
  };
  const end = await lasts(() => list.press("End").then(() => shows("number", /^\d{7}$/)));
  const home = await lasts(() => list.press("Home").then(() => shows("number", /^1$/)));
  const find = await lasts(async () => {
    await list.press("Control+f");
    await page.locator(".find-bar input").fill("Retransmission");
    await page.keyboard.press("Enter");
    await shows("info", /Retransmission/);
  });
  await page.keyboard.press("Escape");
  const filter = await lasts(async () => {
    await page.locator(".filter-box input, .filter-box textarea").first().fill("tcp.flags.syn == 1");
    await page.keyboard.press("Enter");
    await status.filter({ hasText: / of / }).waitFor();
    await examined();
  });
  const client = await page.context().newCDPSession(page);
  await client.send("HeapProfiler.collectGarbage");
  const { usedSize } = await client.send("Runtime.getHeapUsage");
  visitor.calm();
  await visitor.close();
  return {
    "lab.rows.listMs": listing,
    "lab.rows.endMs": end,
    "lab.rows.homeMs": home,
    "lab.rows.findMs": find,
    "lab.rows.filterMs": filter,
    "lab.rows.heapMiB": usedSize / 2 ** 20,
  };
}
