/**
 * Takes the pictures of README.md and docs/lab.md from the running lab: `npm run pictures`. Networks, seeds and virtual times are
 * fixed, so that a picture changes when the page does. The chat room's doors want their usual ports, which are seen.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findTool } from "../require.ts";
import { ARGS, LabProcess, SIZES, Visitor } from "./harness.ts";
import { withPalette } from "./small-png.ts";

const FOLDER = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));
const CHAT = ["examples/chat-room.yaml", "--seed", "1"];
const LOSSY = ["test/browser/lossy.yaml", "--seed", "1"];
/** A line of the chat is on its way to all who are in the room: the hub has just sent it on. */
const TALKING = { until: "18.1", steps: 14, further: "+0.5ms" };
/** Seconds after which the lossy network has sent something again. */
const LOST = "60";

const ends: (() => void)[] = [];
const lab = (network: readonly string[]): Promise<LabProcess> =>
  LabProcess.start({ after: (end) => void ends.push(end as () => void) }, ...network);

/** The page of a lab, whose time stands at a moment. */
async function visit(browser: Browser, url: string, options: BrowserContextOptions): Promise<Page> {
  const { page } = await Visitor.open(browser, url, { deviceScaleFactor: 1, ...options });
  await page.locator('.status-link[data-link="open"]').waitFor();
  return page;
}

async function runUntil(page: Page, seconds: string): Promise<void> {
  await page.getByLabel("Run until").fill(seconds);
  await page.keyboard.press("Enter");
  await page.locator(".clock-state", { hasText: "paused" }).waitFor();
  await page.getByText("looking through").waitFor({ state: "hidden" });
}

/** Goes on by so many packets; each is selected everywhere. */
async function step(page: Page, packets: number): Promise<void> {
  for (let n = 0; n < packets; n++) {
    await page.getByRole("button", { name: "Step to the next packet" }).click();
    await page.waitForTimeout(300);
  }
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1500); // what glows of the past goes out
  const png = await page.screenshot({ animations: "disabled" });
  writeFileSync(`${FOLDER}${name}.png`, withPalette(png));
}

/** The chat room while a line goes to everybody: the whole page, light and dark, and on a phone. */
async function takeLab(browser: Browser): Promise<void> {
  const { url } = await lab(CHAT);
  const page = await visit(browser, url, { viewport: SIZES.wide, colorScheme: "light" });
  await page.getByRole("button", { name: "Put away" }).click();
  await runUntil(page, "10");
  await page.getByRole("button", { name: "guest", exact: true }).last().click();
  await page.locator(".xterm").click();
  await page.keyboard.type("ping -c 3 chat\n");
  await runUntil(page, TALKING.until);
  await page.getByRole("button", { name: "Slow motion" }).click();
  await step(page, TALKING.steps);
  await runUntil(page, TALKING.further);
  await take(page, "lab");
  await page.emulateMedia({ colorScheme: "dark" });
  await take(page, "lab-dark");
  const options = { viewport: SIZES.narrow, hasTouch: true, isMobile: true, colorScheme: "light" } as const;
  await page.close();
  const phone = await visit(browser, url, options);
  await phone.getByRole("button", { name: "Put away" }).tap();
  await step(phone, 4);
  await take(phone, "lab-phone");
}

/** The chat room while it is edited: the palette, and the settings of a host. */
async function takeBuild(browser: Browser): Promise<void> {
  const { url } = await lab(CHAT);
  const page = await visit(browser, url, { viewport: SIZES.wide, colorScheme: "light" });
  await page.getByRole("button", { name: "Put away" }).click();
  await runUntil(page, "10");
  await page.locator(".edit-toggle:enabled").click();
  await page.locator('.react-flow__node[data-id="bob"] .device-icon').click();
  await page.keyboard.press("Alt+4");
  await page.locator(".edit-section").first().waitFor();
  await take(page, "lab-build");
  await page.close();
}

/** A conversation in which a frame was lost and sent again. */
async function takeSequence(browser: Browser): Promise<void> {
  const { url } = await lab(LOSSY);
  const page = await visit(browser, url, { viewport: { width: 1440, height: 900 }, colorScheme: "light" });
  await runUntil(page, LOST);
  await page.getByRole("combobox", { name: "Display filter" }).fill("tcp.analysis.retransmission");
  await page.keyboard.press("Enter");
  await page.locator(".packet-row").first().click();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Sequence diagram" }).click();
  await page.locator(".sequence-drawing").waitFor();
  await page.getByRole("button", { name: "Close the packet's detail" }).click();
  await page.getByRole("button", { name: "Show or hide the network" }).click();
  await take(page, "lab-sequence");
}

const browser = await chromium.launch({ executablePath: findTool("chromium") as string, args: ARGS });
try {
  await takeLab(browser);
  await takeBuild(browser);
  await takeSequence(browser);
} finally {
  await browser.close();
  for (const end of ends) end();
}
