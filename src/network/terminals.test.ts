import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runLoopOf } from "../../test/support/run-loop.ts";
import { echoServer } from "../application/echo/server.ts";
import { type Instant, seconds } from "../time/instant.ts";
import type { Input } from "./input-log.ts";
import { Network } from "./network.ts";
import { TERMINALS_LIMIT, Terminals } from "./terminals.ts";

/** Two hosts on a cable, pc2 with an echo server on port 7, and terminals. */
function lab() {
  const network = new Network();
  network.host("pc1", { address: "10.0.0.1/24" });
  network.host("pc2", { address: "10.0.0.2/24" });
  network.cable("pc1", "pc2", { delay: "1ms" });
  network.start("pc2", echoServer, { port: 7 });
  const terminals = new Terminals(network);
  const loop = runLoopOf(network);
  let out = "";
  const closed: number[] = [];
  terminals.onOutput = (_, text) => {
    out += text;
  };
  terminals.onClosed = (terminal) => closed.push(terminal);
  const run = (time: number) => loop.run((network.now + seconds(time)) as Instant);
  const open = (host = "pc1", columns = 80): number => {
    const terminal = terminals.open(host, columns, 24);
    assert.ok(terminal !== undefined);
    return terminal;
  };
  /** What comes when a text is typed and so many seconds pass, as plain text. */
  const type = async (terminal: number, text: string, time = 5): Promise<string> => {
    out = "";
    assert.ok(terminals.input(terminal, text));
    await run(time);
    return plain(out);
  };
  return { network, terminals, loop, run, open, type, closed, output: () => out };
}

/** Without what moves the cursor and colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's output
const plain = (text: string): string => text.replaceAll(/\x1b\[[?\d;]*[A-Za-z]/g, "").replaceAll("\r\n", "\n");

describe("terminals", () => {
  test("a command that is typed runs, and the next is asked for when it has ended", async () => {
    const { open, type } = lab();
    const shown = await type(open(), "ping -c 1 pc2\r");
    assert.match(shown, /^This is pc1\. help lists the commands\.\npc1\$ ping -c 1 pc2\nPING pc2 \(10\.0\.0\.2\)/);
    assert.match(shown, /1 packets transmitted, 1 received, 0% packet loss(?:.|\n)*\npc1\$ $/);
  });

  test("time goes on while a shell waits for a key", async () => {
    const { network, open, run } = lab();
    open();
    await run(5);
    assert.equal(network.now, seconds(5));
  });

  test("a command reads what is typed while it runs, until Ctrl-D", async () => {
    const { open, type } = lab();
    const terminal = open();
    await type(terminal, "nc -N pc2 7\r");
    assert.equal(await type(terminal, "héllo 世界\r"), "héllo 世界\nhéllo 世界\n");
    assert.match(await type(terminal, "\x04"), /^pc1\$ $/);
  });
});

test("a record types everything again", async () => {
  const play = async (inputs: readonly Input[] | undefined) => {
    const { network, terminals, run } = lab();
    let all = "";
    const log: Input[] = [];
    terminals.onOutput = (_, text) => {
      all += text;
    };
    network.inputs.onInput = (input) => log.push(input);
    if (inputs === undefined) {
      const terminal = terminals.open("pc1", 80, 24) ?? 0;
      await run(1);
      terminals.input(terminal, "ping -i 0.5 pc2\r");
      await run(1.2);
      terminals.resize(terminal, 40, 10);
      terminals.input(terminal, "\x03");
      await run(1);
      terminals.close(terminal);
      await run(1);
    } else {
      network.inputs.replay(inputs);
      await run(4.2);
    }
    return { all, log, list: terminals.list() };
  };
  const first = await play(undefined);
  assert.match(first.all, /3 packets transmitted/);
  const second = await play(first.log);
  assert.deepEqual(second, first);
  assert.deepEqual(first.list, []);
});

test("there are so many terminals and no more, on hosts that there are", async () => {
  const { terminals, open, run, closed } = lab();
  assert.equal(terminals.open("nobody", 80, 24), undefined);
  for (let count = 0; count < TERMINALS_LIMIT; count++) open();
  assert.equal(terminals.open("pc1", 80, 24), undefined);
  await run(1);
  assert.equal(terminals.list().length, TERMINALS_LIMIT);
  assert.ok(terminals.close(3));
  await run(1);
  assert.deepEqual(closed, [3]);
  assert.ok(!terminals.input(3, "x"));
  assert.ok(terminals.open("pc2", 80, 24) !== undefined);
});
