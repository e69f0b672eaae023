/** The chat by lines and by WebSocket on virtual hosts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chatClient } from "../../src/application/chat/client.ts";
import { chatWeb } from "../../src/application/chat/web/program.ts";
import { chatWebUser } from "../../src/application/chat/web/user.ts";
import { seconds } from "../../src/time/instant.ts";
import { RawClient, VirtualLan } from "../fixtures/virtual-lan.ts";
import { Cli } from "../support/cli.ts";

const LINES = { address: "10.0.0.1", port: 8888 };
const PAGE = { address: "10.0.0.1", port: 80 };

/** What a host's log has, of one program. */
const heard = (lan: VirtualLan, host: string): string[] =>
  lan.log.filter((line) => line.startsWith(`${host}: `)).map((line) => line.slice(host.length + 2));

test("who comes by lines and who comes by WebSocket are in one room, and whose cable was out hears what was missed, once", async () => {
  const lan = new VirtualLan(["chat", "lina", "bob"]);
  const stop = [lan.start("chat", chatWeb, { port: 80 })];
  await lan.run(seconds(1));
  const say = Array.from({ length: 60 }, (_, n) => `message ${n}`);
  stop.push(lan.start("bob", chatWebUser, { server: PAGE, name: "Bob", pause: seconds(1_000_000) }));
  await lan.run(seconds(2));
  stop.push(lan.start("lina", chatClient, { server: LINES, name: "Lina", say, every: seconds(2) }));
  await lan.run(seconds(20));
  const before = heard(lan, "bob").filter((line) => line.startsWith("Lina: ")).length;
  assert.ok(before > 5, "Bob hears Lina");
  assert.ok(heard(lan, "lina").some((line) => line === "* Bob joined" || line.startsWith("* Welcome")));
  lan.cables.get("bob")?.unplug();
  await lan.run(seconds(60));
  assert.equal(heard(lan, "bob").filter((line) => line.startsWith("Lina: ")).length, before);
  lan.cables.get("bob")?.plug();
  await lan.run(seconds(120));
  const texts = heard(lan, "bob").filter((line) => line.startsWith("Lina: "));
  assert.deepEqual(
    texts,
    say.map((text) => `Lina: ${text}`),
    "all, once, in order",
  );
  for (const each of stop.reverse()) await each();
});

test("on the port for lines an HTTP request never speaks in the room, nor does its body", async () => {
  const lan = new VirtualLan(["chat", "lina", "browser"]);
  const stop = lan.start("chat", chatWeb, { port: 80 });
  await lan.run(seconds(1));
  const lina = await RawClient.connect(lan, "lina", "10.0.0.1", 8888);
  await lina.say("/nick Lina\n");
  await lan.run(seconds(2));
  lina.read();
  for (const request of [
    "GET / HTTP/1.1\r\nHost: chat\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: chat\r\nContent-Type: text/plain\r\nContent-Length: 24\r\n\r\nhello\r\n/nick Lina\r\nagain\n",
    "OPTIONS * HTTP/1.1\r\n\r\nhello\r\n",
  ]) {
    const browser = await RawClient.connect(lan, "browser", "10.0.0.1", 8888);
    await browser.say(request);
    await lan.run(seconds(3));
    assert.match(browser.read(), /^HTTP\/1\.1 400 /);
  }
  assert.equal(lina.read(), "");
  await stop();
});

test("examples/chat-web.yaml runs, by lines and by WebSocket", { timeout: 60_000 }, async () => {
  assert.match(readFileSync(new URL("../../examples/chat-web.yaml", import.meta.url), "utf8"), /chat-web-user/);
  const run = new Cli(
    "run",
    "examples/chat-web.yaml",
    "--for",
    "60s",
    "--speed",
    "max",
    "--port",
    "page=0",
    "--port",
    "lines=0",
  );
  const { code, stdout, stderr } = await run.result;
  assert.equal(code, 0, stderr);
  assert.match(stdout + stderr, /bob +chat-web-user +Alice: /);
  assert.match(stdout + stderr, /Bob: /);
});
