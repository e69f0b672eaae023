/**
 * A browser for tests of the lab's page. Whatever it complains of is noted, and {@link Visitor.calm} fails for it: an error on its
 * console, a report of the content security policy, a request to anywhere but the lab.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findTool, requireTool } from "../require.ts";
import { Cli } from "../support/cli.ts";

export const ARGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];
/** Runs in the page. */
const TELL_VIOLATIONS =
  "addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber))";

/** Milliseconds that a condition of a page is waited for. */
export const PATIENCE = 45_000;

/** Sizes at which the page is looked at. */
export const SIZES = {
  wide: { width: 1440, height: 900 },
  middle: { width: 1024, height: 768 },
  narrow: { width: 390, height: 844 },
} as const;

export const hasChromium = (): boolean => findTool("chromium") !== undefined;

/** Debian's Chromium; undefined, and the test skipped, where it is not there. */
export async function launchBrowser(t: Pick<TestContext, "skip">): Promise<Browser | undefined> {
  if (!requireTool(t, "chromium")) return undefined;
  return chromium.launch({ executablePath: findTool("chromium") as string, args: ARGS });
}

/** Somebody with a page of the lab, in a profile of their own. */
export class Visitor {
  readonly page: Page;
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  /** @param url with its token, as the lab prints it */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: SIZES.wide, locale: "en-GB", ...options });
    return Visitor.inContext(await context.newPage(), url);
  }

  static async inContext(page: Page, url: string): Promise<Visitor> {
    const visitor = new Visitor(page);
    const { origin } = new URL(url);
    const note = (complaint: string): void => void visitor.complaints.push(complaint);
    page.setDefaultTimeout(PATIENCE);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") note(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => note(`${error.stack}`));
    page.on("dialog", (dialog) => {
      note(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (asked !== origin && protocol !== "blob:" && protocol !== "data:") note(`it asked for ${request.url()}`);
    });
    page.on("websocket", (socket) => {
      const { host } = new URL(socket.url());
      if (host !== new URL(url).host) note(`it connected to ${socket.url()}`);
    });
    await page.addInitScript(TELL_VIOLATIONS);
    await page.goto(url);
    return visitor;
  }

  /** The page has had nothing to complain of; what it had is forgotten. @param expected what may have come */
  calm(expected?: RegExp): void {
    const all = this.complaints.splice(0);
    assert.deepEqual(expected === undefined ? all : all.filter((each) => !expected.test(each)), []);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/**
 * Waits until something that is run in the page holds, looking once a frame. Playwright's own waitForFunction evaluates text in the
 * page each time, which the page's policy forbids.
 */
export async function until(page: Page, condition: string): Promise<void> {
  const look = `new Promise(requestAnimationFrame).then(() => ${condition})`;
  const late = performance.now() + PATIENCE;
  while (!(await page.evaluate(look))) if (performance.now() > late) throw new Error(`never came: ${condition}`);
}

/** Waits until what a selector names has the focus: what is typed before goes elsewhere. */
export const focusOn = (page: Page, selector: string): Promise<void> =>
  page.locator(`${selector}:focus`).waitFor({ state: "attached" });

/** `netarium lab` in a process of its own, with all ports chosen by the machine unless told. */
export class LabProcess {
  readonly cli: Cli;
  readonly url: string;

  private constructor(cli: Cli, url: string) {
    this.cli = cli;
    this.url = url;
  }

  static async start(t: Pick<TestContext, "after">, ...args: string[]): Promise<LabProcess> {
    const cli = new Cli("lab", "--no-open", "--port", "0", ...args);
    t.after(() => void cli.child.kill("SIGKILL"));
    const [url] = await cli.says(/http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/);
    return new LabProcess(cli, url);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }
}
