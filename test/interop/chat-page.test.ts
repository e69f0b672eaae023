/** The chat's page in Chromium, on the operating system. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { Talker } from "../fixtures/talker.ts";
import { findTool, requireTool } from "../require.ts";
import { ChatProcess } from "../support/chat-process.ts";
import { Cli, ROOT, temporaryFolder } from "../support/cli.ts";

const ARGS = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];
/** The scripts below run in the page. */
const TELL_VIOLATIONS =
  "addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))";
const NO_WEBSOCKET =
  "WebSocket = class { constructor() { setTimeout(() => this.onclose?.({ code: 1006 })) } close() {} }";
/** With it, the pictures of docs/chat.md are taken anew. */
const PICTURES = process.env.NETARIUM_PICTURES === "1";

describe("the chat's page in Chromium", {
  timeout: 300_000,
  skip: findTool("chromium") === undefined && "no chromium",
}, () => {
  let browser: Browser;
  const complaints: string[] = [];

  before(async (t) => {
    if (!requireTool(t as never, "chromium")) return;
    browser = await chromium.launch({ executablePath: findTool("chromium") as string, args: ARGS });
  });
  after(() => browser?.close());
  afterEach(() => Promise.all(browser.contexts().map((each) => each.close())));

  /** A page of somebody new. Whatever the browser complains of is noted. */
  const open = async (
    chat: Pick<ChatProcess, "url">,
    path = "",
    options: BrowserContextOptions = {},
  ): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    page.on("console", (message) => {
      // A server that is being restarted is not there; that is no complaint.
      if (message.type() === "error" && !/net::ERR_|WebSocket connection/.test(message.text()))
        complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(`${error}`));
    page.on("dialog", (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.addInitScript(TELL_VIOLATIONS);
    await page.goto(chat.url + path);
    return page;
  };
  const enter = async (page: Page, name: string): Promise<void> => {
    await page.fill("#name", name);
    await page.click("#as-guest");
    await page.waitForSelector('#status[data-state="online"]');
  };
  const say = async (page: Page, text: string): Promise<void> => {
    await page.fill("#text", text);
    await page.press("#text", "Enter");
  };
  const texts = (page: Page): Promise<string[]> => page.locator("#messages .message p").allTextContents();
  const hears = (page: Page, text: string): Promise<void> =>
    page.locator("#messages .message p", { hasText: text }).first().waitFor();

  test("two pages and somebody by lines talk, a reload keeps what was said, and names are changed", async (t) => {
    const chat = await ChatProcess.start(join(temporaryFolder(t), "chat.sqlite"));
    t.after(() => chat.stop("SIGKILL"));
    const [ada, bob] = [await open(chat), await open(chat)];
    await enter(ada, "Ada");
    await enter(bob, "Bob");
    const liner = Talker.socket(chat.lines);
    t.after(() => liner.kill());
    liner.say("/nick Lina\n");
    await ada.locator("#people li", { hasText: "Lina" }).waitFor();
    await say(ada, "hello Bob");
    await hears(bob, "hello Bob");
    await say(bob, "hello Ada");
    await hears(ada, "hello Ada");
    liner.say("hello pages\n");
    await hears(ada, "hello pages");
    await liner.hears(/Bob: hello Ada\n/);
    await ada.reload();
    await hears(ada, "hello pages");
    assert.deepEqual(await texts(ada), ["hello Bob", "hello Ada", "hello pages"]);
    const people = "[...document.querySelectorAll('#people li')].map((each) => each.textContent).sort().join()";
    await ada.waitForFunction(`${people} === "Ada,Bob,Lina"`);
    await ada.click("#me");
    await ada.fill("#name", "Countess");
    await ada.click("#as-guest");
    await bob.locator("#messages .event", { hasText: "Ada is now Countess" }).waitFor();
    await ada.fill("#new-room-name", "Tea Time");
    await ada.press("#new-room-name", "Enter");
    await ada.waitForFunction("document.getElementById('room').textContent === 'teatime'");
    await say(ada, "only here");
    await hears(ada, "only here");
    assert.ok(!(await texts(bob)).includes("only here"));
    await ada.goBack();
    await hears(ada, "hello pages");
    assert.deepEqual(complaints.splice(0), []);
  });

  test("texts that would be markup or script stay text, names too", async (t) => {
    const chat = await ChatProcess.start(join(temporaryFolder(t), "chat.sqlite"));
    t.after(() => chat.stop("SIGKILL"));
    const [ada, bob] = [await open(chat), await open(chat)];
    await enter(ada, "<img src=x onerror=alert(1)>");
    await enter(bob, "Bob");
    const attacks = [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "</p><svg onload=alert(1)>",
      "javascript:alert(1)",
      "{{7*7}} $" + "{7*7} &lt;b&gt; \" ' `",
      "<a href='javascript:alert(1)'>x</a>",
    ];
    for (const attack of attacks) await say(ada, attack);
    for (const page of [ada, bob]) {
      await hears(page, attacks.at(-1) as string);
      assert.deepEqual(await texts(page), attacks);
      assert.equal(await page.locator("#messages script, #messages img, #messages svg, #messages a").count(), 0);
      assert.equal(await page.locator("#people img").count(), 0);
    }
    await bob.goto(`${chat.url}#${encodeURIComponent("<img src=x onerror=alert(1)>")}`);
    await bob.reload();
    await bob.waitForSelector("#status");
    assert.deepEqual(complaints.splice(0), []);
  });

  test("when the server is killed and comes back, pages come back without loss or doubles", async (t) => {
    const file = join(temporaryFolder(t), "chat.sqlite");
    let chat = await ChatProcess.start(file);
    t.after(() => chat.stop("SIGKILL"));
    const [ada, bob] = [await open(chat), await open(chat)];
    await enter(ada, "Ada");
    await enter(bob, "Bob");
    await say(ada, "before");
    await hears(bob, "before");
    await chat.stop("SIGKILL");
    await ada.waitForSelector('#status[data-state="offline"], #status[data-state="connecting"]');
    for (const text of ["while away 1", "while away 2"]) await say(ada, text);
    assert.deepEqual(await ada.locator("#pending p").allTextContents(), ["while away 1", "while away 2"]);
    chat = await ChatProcess.start(file, chat.port);
    await hears(bob, "while away 2");
    await hears(ada, "while away 2");
    await say(bob, "after");
    await hears(ada, "after");
    for (const page of [ada, bob]) {
      assert.deepEqual(await texts(page), ["before", "while away 1", "while away 2", "after"]);
      await page.waitForFunction("document.getElementById('pending').childElementCount === 0");
    }
    assert.deepEqual(complaints.splice(0), []);
  });

  test("where there is no WebSocket, the page chats by events and POST", async (t) => {
    const chat = await ChatProcess.start(join(temporaryFolder(t), "chat.sqlite"));
    t.after(() => chat.stop("SIGKILL"));
    const [ada, bob] = [await open(chat), await open(chat)];
    await ada.addInitScript(NO_WEBSOCKET);
    await ada.reload();
    await enter(ada, "Ada");
    await enter(bob, "Bob");
    await say(ada, "by POST");
    await hears(bob, "by POST");
    await say(bob, "by WebSocket");
    await hears(ada, "by WebSocket");
    assert.deepEqual(await texts(ada), ["by POST", "by WebSocket"]);
    assert.deepEqual(complaints.splice(0), []);
  });

  test("a name is registered, signed out of and signed in to, and is nobody else's", async (t) => {
    const chat = await ChatProcess.start(join(temporaryFolder(t), "chat.sqlite"));
    t.after(() => chat.stop("SIGKILL"));
    const grace = await open(chat);
    const password = async (page: Page, name: string, text: string, button: string) => {
      await page.fill("#name", name);
      await page.click("#with-password");
      await page.fill("#password", text);
      await page.click(button);
    };
    await password(grace, "Grace", "correct horse", "#register");
    await grace.locator("#me", { hasText: "Grace ✓" }).waitFor();
    await grace.waitForSelector('#status[data-state="online"]');
    const other = await open(chat);
    await password(other, "grace", "wrong horse", "#sign-in");
    await other.locator("#refused", { hasText: "not the password" }).waitFor();
    complaints.length = 0; // the browser notes the 403
    await other.reload();
    await enter(other, "grace");
    await other.locator("#me", { hasText: "grace2" }).waitFor();
    await grace.click("#me");
    await grace.click("#sign-out");
    await grace.waitForSelector("#welcome-title:has-text('Join')");
    await password(grace, "grace", "correct horse", "#sign-in");
    await grace.locator("#me", { hasText: "Grace ✓" }).waitFor();
    assert.deepEqual(complaints.splice(0), []);
  });

  test("through a published port the page chats with the virtual users of examples/chat-web.yaml", async (t) => {
    const run = new Cli("run", "examples/chat-web.yaml", "--port", "page=0", "--port", "lines=0");
    t.after(() => run.child.kill("SIGKILL"));
    const [, port = ""] = await run.says(/tcp 127\.0\.0\.1:(\d+) is 10\.0\.2\.11:80/);
    const [, lines = ""] = await run.says(/tcp 127\.0\.0\.1:(\d+) is 10\.0\.2\.11:8888/);
    const page = await open({ url: `http://127.0.0.1:${port}/` });
    await enter(page, "Visitor");
    const liner = Talker.socket(Number(lines));
    t.after(() => liner.kill());
    liner.say("/nick Lina\n");
    await page.locator("#people li", { hasText: "Lina" }).waitFor();
    await say(page, "hello, virtual world");
    await liner.hears(/Visitor: hello, virtual world\n/);
    await run.says(/chat-web-user +Visitor: hello, virtual world/);
    await page
      .locator("#messages .message b", { hasText: /Alice|Bob/ })
      .first()
      .waitFor();
    assert.equal((await run.interrupt()).code, 0);
    assert.deepEqual(complaints.splice(0), []);
  });

  test("the page fits on a telephone, in light and dark", async (t) => {
    const chat = await ChatProcess.start(join(temporaryFolder(t), "chat.sqlite"));
    t.after(() => chat.stop("SIGKILL"));
    const viewport = { width: 390, height: 844 };
    const [ada, bob] = [
      await open(chat, "", { colorScheme: "light" }),
      await open(chat, "", { viewport, colorScheme: "dark" }),
    ];
    await enter(ada, "Ada");
    await enter(bob, "Bob");
    const dialogue: [Page, string][] = [
      [ada, "Good morning! Is anybody here already?"],
      [bob, "Morning, Ada. On the train; the tunnel ahead will cut me off in a minute."],
      [ada, "No matter: what you miss comes when you are back, once and in order."],
      [bob, "And what I write in the tunnel?"],
      [ada, "Waits on your page and goes out with the same id. If it had arrived after all, the room knows it."],
      [bob, "Nice. Grüße aus dem Zug!"],
    ];
    for (const [page, text] of dialogue) {
      await say(page, text);
      await Promise.all([hears(ada, text), hears(bob, text)]);
    }
    for (const page of [ada, bob]) {
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      assert.ok(Number(wide) <= 0, `${wide} px too wide`);
      assert.ok(await page.locator("#say button").isVisible());
    }
    await bob.click("#menu");
    assert.ok(await bob.locator("#people").isVisible());
    if (PICTURES) {
      mkdirSync(join(ROOT, "docs", "pictures"), { recursive: true });
      await ada.screenshot({ path: join(ROOT, "docs", "pictures", "chat.png") });
      await bob.screenshot({ path: join(ROOT, "docs", "pictures", "chat-people-small.png") });
      await bob.click("#menu");
      await bob.screenshot({ path: join(ROOT, "docs", "pictures", "chat-small.png") });
    }
    assert.deepEqual(complaints.splice(0), []);
  });
});
