import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { type ChatServerParameters, chatServer } from "../../src/application/chat/server.ts";
import { chatUser } from "../../src/application/chat/user.ts";
import type { StreamTransport } from "../../src/socket/endpoints.ts";
import { type Duration, milliseconds, minutes, seconds } from "../../src/time/instant.ts";
import { RawClient, VirtualLan } from "../fixtures/virtual-lan.ts";

const SERVER = { address: "10.0.0.1", port: 8888 };
const PCS = ["pc1", "pc2", "pc3"];

describe("the chat room on a virtual network", () => {
  let lan = new VirtualLan(["server", ...PCS]);
  let stop = async (): Promise<void> => undefined;

  const begin = async (given: Partial<ChatServerParameters> = {}, receiveBuffer = 65_536): Promise<void> => {
    lan = new VirtualLan(["server", ...PCS], 1, { receiveBuffer });
    stop = lan.start("server", chatServer, given);
    await lan.run(milliseconds(10));
  };
  beforeEach(() => begin());

  const connect = (pc: string): Promise<RawClient> => RawClient.connect(lan, pc, SERVER.address, SERVER.port);
  /** Somebody who is in the room and has read all so far. */
  const enter = async (pc: string, name: string): Promise<RawClient> => {
    const client = await connect(pc);
    await client.say(`/nick ${name}\n`, milliseconds(300));
    client.read();
    return client;
  };

  test("who comes in is greeted after a second, and the others are told", async () => {
    const ada = await enter("pc1", "ada");
    const next = await connect("pc2");
    await lan.run(milliseconds(900));
    assert.equal(next.read(), "");
    await lan.run(milliseconds(200));
    assert.match(next.read(), /^\* Welcome to the chat room! You are guest2\. 1 other is here\..*\n$/);
    assert.equal(ada.read(), "* guest2 joined\n");
  });

  test("who comes in is greeted at once when there is something to hear", async () => {
    const ada = await enter("pc1", "ada");
    const next = await connect("pc2");
    await ada.say("hello\n", milliseconds(300));
    assert.match(next.read(), /^\* Welcome .*\nada: hello\n$/);
    assert.equal(ada.read(), "ada: hello\n* guest2 joined\n");
  });

  test("several lines in one segment, and a line over several, come to all in one order", async () => {
    const [ada, bob] = [await enter("pc1", "ada"), await enter("pc2", "bob")];
    ada.read();
    await ada.say("one\r\ntwo\nth");
    await bob.say("between\n");
    await ada.say("ree\r");
    await ada.say("\nfour\r\0");
    const all = "ada: one\nada: two\nbob: between\nada: three\nada: four\n";
    assert.equal(ada.read(), all);
    assert.equal(bob.read(), all);
  });

  test("a program that sends without a line end and receives once is answered after 100 ms", async () => {
    const simple = await connect("pc1");
    await simple.say("hel", milliseconds(90));
    await simple.say("lo", milliseconds(95));
    assert.equal(simple.read(), "");
    await lan.run(milliseconds(15));
    assert.match(simple.read(), /^\* Welcome .*\nguest1: hello\n$/, "the greeting and the answer together");
    for (const text of ["one", "two", "😀"]) {
      await simple.say(text, milliseconds(110));
      assert.equal(simple.read(), `guest1: ${text}\n`);
    }
  });

  test("a program in lock step is always answered, whatever it sends", async () => {
    await begin({ rate: 1, burst: 1 });
    const simple = await connect("pc1");
    await simple.say("first", milliseconds(300));
    simple.read();
    for (const text of ["too fast", " ", "\x07", "/who", "/nick", "x".repeat(5000), "\xff"]) {
      await simple.say(text, milliseconds(1500));
      assert.notEqual(simple.read(), "", JSON.stringify(text));
    }
  });

  test("after a line end was sent, silence ends nothing", async () => {
    const ada = await enter("pc1", "ada");
    await ada.say("half a", seconds(5));
    assert.equal(ada.read(), "");
    await ada.say(" line\n");
    assert.equal(ada.read(), "ada: half a line\n");
  });

  test("a line too long is cut, and its sender is told", async () => {
    const [ada, bob] = [await enter("pc1", "ada"), await enter("pc2", "bob")];
    ada.read();
    await ada.say(`${"x".repeat(900)}\nnext\n`);
    assert.equal(bob.read(), `ada: ${"x".repeat(800)}\nada: next\n`);
    assert.match(ada.read(), /x\n\* That was too long.*800 bytes.*\nada: next\n$/);
  });

  test("who sends too fast is told, and thrown out if they go on; the others hear a little of it", async () => {
    const [ada, bob] = [await enter("pc1", "ada"), await enter("pc2", "bob")];
    ada.read();
    await ada.say(Array.from({ length: 40 }, (_, i) => `m${i}\n`).join(""));
    const heard = bob.read().split("\n").length - 1;
    assert.ok(heard >= 19 && heard <= 21, `${heard} of 40`);
    assert.match(ada.read(), /\* Too fast: what you send now is lost/);
    await lan.run(seconds(1));
    assert.match(ada.read(), /\* \d+ more of your messages were lost/);
    await ada.say("m\n".repeat(200), seconds(1));
    assert.match(ada.read(), /\* You send too much\. Goodbye!\n<end>$/);
    assert.match(bob.read(), /\* ada left \(flooding\)\n$/);
  });

  test("a reader that stops reading is dropped, and never slows the others", async () => {
    await begin({ rate: 1e6, burst: 1e6, queueBytes: 20_000 }, 8_192);
    const [ada, bob, sleepy] = [await enter("pc1", "ada"), await enter("pc2", "bob"), await enter("pc3", "sleepy")];
    for (const each of [ada, bob]) each.read();
    const line = "y".repeat(500);
    let news = "";
    let sent = 0;
    for (; sent < 1000 && !news.includes("left"); sent++) {
      await ada.say(`${line}\n`);
      news = bob.read();
      assert.ok(news.startsWith(`ada: ${line}\n`), `message ${sent} came to bob within 10 ms`);
      ada.read();
    }
    assert.equal(news.slice(news.indexOf("*")), "* sleepy left (too slow)\n");
    assert.ok(sent < 200, `after ${sent} messages`);
    assert.match(sleepy.read().slice(-20), /<ECONNRESET>$/);
  });

  test("somebody whose cable is cut is noticed, whether others speak or not", async () => {
    for (const speaks of [false, true]) {
      await begin();
      const [ada] = [await enter("pc1", "ada"), await enter("pc2", "lost")];
      await lan.run(milliseconds(300));
      ada.read();
      lan.cables.get("pc2")?.cut("both");
      if (speaks) await ada.say("hello?\n");
      await lan.run(seconds(60));
      assert.match(ada.read(), /\* lost left \(vanished\)\n$/, speaks ? "others speak" : "all are silent");
    }
  });

  test("where TCP has no keepalive, the silent are asked, and who does not answer is gone", async () => {
    const transport: StreamTransport = lan.host("server").tcp;
    transport.refuses = (option) => option === "SO_KEEPALIVE";
    await stop();
    stop = lan.start("server", chatServer, { idle: minutes(1) });
    await lan.run(milliseconds(10));
    const [ada, mute] = [await enter("pc1", "ada"), await enter("pc2", "mute")];
    ada.read();
    await lan.run(seconds(61));
    for (const each of [ada, mute]) assert.match(each.read(), /^\* Are you there\? .*\n$/);
    await ada.say("yes\n");
    await lan.run(seconds(58));
    assert.equal(ada.read(), "ada: yes\n");
    await lan.run(seconds(3));
    assert.match(ada.read(), /^(\* Are you there.*\n)?\* mute left \(vanished\)\n(\* Are you there.*\n)?$/);
    assert.match(mute.read(), /<ECONNRESET>$/);
  });

  test("half a message of somebody who is gone is not said", async () => {
    const [ada, bob] = [await enter("pc1", "ada"), await enter("pc2", "bob")];
    ada.read();
    await bob.say("whole\nhal");
    await bob.socket.shutdown("write");
    await lan.run(seconds(1));
    assert.equal(ada.read(), "bob: whole\n* bob left\n");
    assert.equal(bob.read(), "bob: whole\n<end>");
  });

  test("/quit ends the connection in good order", async () => {
    const [ada, bob] = [await enter("pc1", "ada"), await enter("pc2", "bob")];
    ada.read();
    await bob.say("/quit until tomorrow\nnot said\n");
    assert.equal(bob.read(), "* Goodbye!\n<end>");
    assert.equal(ada.read(), "* bob left (until tomorrow)\n");
    await bob.socket.close();
    await lan.run(seconds(5));
    assert.equal(lan.host("server").sockets.open.size, 2, "the listener, and ada");
  });

  test("an HTTP request is answered in HTTP, and nobody hears of it", async () => {
    const ada = await enter("pc1", "ada");
    const browser = await connect("pc2");
    await browser.say("GET / HTTP/1.1\r\nHost: 10.0.0.1:8888\r\n\r\n");
    assert.match(browser.read(), /^HTTP\/1\.1 400 [\s\S]*Join it with nc[\s\S]*<end>$/);
    await browser.socket.close();
    await lan.run(seconds(5));
    assert.equal(ada.read(), "");
  });

  test("no control character reaches anybody", async () => {
    const ada = await enter("pc1", "ada");
    await ada.say("a\x1b[2J\x07\u009b\u202eb\tc\n");
    assert.equal(ada.read(), "ada: a[2Jb c\n");
  });

  test("telnet's interrupt is answered, so that it goes on showing what comes", async () => {
    const ada = await enter("pc1", "ada");
    await ada.say(Uint8Array.of(255, 244, 255, 253, 6));
    const into = new Uint8Array(10);
    assert.equal(ada.socket.read(into), 3);
    assert.deepEqual([...into.subarray(0, 3)], [255, 252, 6]);
  });

  test("a full room sends the next away", async () => {
    await begin({ clients: 1 });
    await enter("pc1", "ada");
    const late = await connect("pc2");
    assert.match(late.read(), /^\* The room is full.*\n<end>$/);
  });

  test("when the server is stopped all are told, and the port is free", async () => {
    const [ada, bob] = [await enter("pc1", "ada"), await enter("pc2", "bob")];
    ada.read();
    await stop();
    for (const each of [ada, bob]) assert.equal(each.read(), "* The chat room closes. Goodbye!\n<end>");
    assert.equal(lan.host("server").sockets.open.size, 0);
  });
});

describe("ten virtual users", () => {
  const names = ["ada", "bob", "cleo", "dan", "eve", "finn", "gina", "hugo", "iris", "jan"];

  const chatFor = async (time: Duration, seed: number): Promise<VirtualLan> => {
    const lan = new VirtualLan(["server", ...names], seed);
    lan.start("server", chatServer, { transcript: true });
    for (const name of names) lan.start(name, chatUser, { server: SERVER, name });
    await lan.run(time);
    return lan;
  };

  test("chat, leave and come back", async () => {
    const { log } = await chatFor(minutes(20), 1);
    for (const name of names) {
      const said = log.filter((line) => line.startsWith(`server: ${name}: `) && !line.includes(": /"));
      assert.ok(said.length > 20, `${name} said ${said.length}`);
    }
    assert.ok(log.some((line) => / left: quit$/.test(line)));
  });

  test("say the same for the same seed, and something else for another", async () => {
    const [first, second, other] = [1, 1, 2].map((seed) => chatFor(minutes(3), seed));
    assert.deepEqual((await first)?.log, (await second)?.log);
    assert.notDeepEqual((await first)?.log, (await other)?.log);
  });
});
