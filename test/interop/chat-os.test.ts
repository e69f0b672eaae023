import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { chatClient } from "../../src/application/chat/client.ts";
import { chatServer } from "../../src/application/chat/server.ts";
import { RunningProgram } from "../fixtures/running-program.ts";
import { Talker } from "../fixtures/talker.ts";
import { requireTool } from "../require.ts";

/** The simplest socket program there is: sends what was typed, without the newline, and receives once. */
const PYTHON_CLIENT = `
import socket, sys
s = socket.socket()
s.connect(("127.0.0.1", int(sys.argv[1])))
for line in sys.stdin:
    s.sendall(line.rstrip("\\n").encode())
    print(s.recv(1024).decode(), end="|", flush=True)
`;

describe("the chat room on the operating system", { timeout: 300_000 }, () => {
  let server: RunningProgram;
  let port = 0;
  let talkers: Talker[] = [];

  beforeEach(async () => {
    talkers = [];
    server = RunningProgram.start(chatServer, { address: "127.0.0.1", port: 0 });
    port = await server.port();
  });

  afterEach(async () => {
    for (const each of talkers) each.kill();
    await server.stop();
  });

  const talk = (talker: Talker): Talker => {
    talkers.push(talker);
    return talker;
  };
  const nc = (...options: string[]): Talker => talk(Talker.process("nc", ...options, "127.0.0.1", String(port)));
  const python = (): Talker => talk(Talker.process("python3", "-c", PYTHON_CLIENT, String(port)));
  const node = (): Talker => talk(Talker.socket(port));

  /** Somebody who is in the room under a name. */
  const named = async (talker: Talker, name: string): Promise<Talker> => {
    talker.say(`/nick ${name}\n`);
    await talker.hears(new RegExp(`is now ${name}\n`));
    return talker;
  };

  test("nc, a Python program and a Node program chat with each other", async (t) => {
    if (!requireTool(t, "nc", "python3")) return;
    const ada = await named(nc(), "ada");
    const bob = await named(node(), "bob");
    const snake = python();
    snake.say("hello from Python\n");
    const [, guest = ""] = await ada.hears(/\n(guest\d+): hello from Python\n/);
    await bob.hears(/guest\d+: hello from Python\n/);
    await snake.hears(/^\* Welcome[^|]*hello from Python\n\|/);
    ada.say("hello from nc\n");
    for (const each of [ada, bob]) await each.hears(/ada: hello from nc\n/);
    bob.say("hello from Node\r\n");
    for (const each of [ada, bob]) await each.hears(/bob: hello from Node\n/);
    snake.say("again\n");
    await snake.hears(/ada: hello from nc\nbob: hello from Node\n\|$/);
    for (const each of [ada, bob]) await each.hears(new RegExp(`${guest}: again\n`));
  });

  test("a lock-step program that has been greeted is answered with its own message each time", async (t) => {
    if (!requireTool(t, "python3")) return;
    const snake = python();
    for (const text of ["one", "two", "three"]) {
      snake.say(`${text}\n`);
      await snake.hears(new RegExp(`guest1: ${text}\n\\|$`));
    }
  });

  test("telnet chats", async (t) => {
    if (!requireTool(t, "telnet")) return;
    const ada = await named(node(), "ada");
    const remote = talk(Talker.process("telnet", "127.0.0.1", String(port)));
    await remote.hears(/Welcome/);
    remote.say("grüße\n");
    for (const each of [ada, remote]) await each.hears(/guest\d+: grüße\r?\n/);
    remote.say("/quit\n");
    await remote.ended;
    await ada.hears(/\* guest\d+ left\n/);
  });

  test("nc that ends its input is heard, gets its own message and is let go", async (t) => {
    if (!requireTool(t, "nc")) return;
    const ada = await named(node(), "ada");
    const once = nc("-N");
    once.say("just this");
    once.end();
    await once.ended;
    assert.match(once.heard, /^\* Welcome .*\nguest\d+: just this\n$/);
    await ada.hears(/guest\d+ joined\nguest\d+: just this\n\* guest\d+ left\n/);
  });

  test("a program that vanishes is told to the others", async (t) => {
    if (!requireTool(t, "nc")) return;
    const ada = await named(node(), "ada");
    const other = nc();
    await ada.hears(/joined/);
    other.kill();
    await ada.hears(/\* guest\d+ left/);
  });

  test("a browser gets an HTTP response, and nobody hears of it", async () => {
    const ada = await named(node(), "ada");
    const response = await fetch(`http://127.0.0.1:${port}/`);
    assert.equal(response.status, 400);
    assert.match(await response.text(), /chat room/);
    const bob = await named(node(), "bob");
    await ada.hears(/bob/);
    assert.doesNotMatch(ada.heard + bob.heard, /HTTP|Host|left/);
  });

  test("our own client chats, and the room says goodbye when it is stopped", async () => {
    const ada = await named(node(), "ada");
    const client = RunningProgram.start(chatClient, {
      server: { address: "127.0.0.1", port },
      name: "Grace",
      say: ["hello"],
      every: 0 as never,
    });
    await ada.hears(/Grace: hello\n/);
    await client.logged("heard", ({ line }) => line === "Grace: hello");
    await server.stop();
    await ada.hears(/\* The chat room closes/);
    await ada.ended;
    await client.ended;
    assert.match(client.log.map(({ parameters }) => parameters.line).join("\n"), /closes/);
  });
});
