/** The shell at a terminal, on hosts of a network. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runLoopOf } from "../../test/support/run-loop.ts";
import { echoServer } from "../application/echo/server.ts";
import { type Instant, seconds } from "../time/instant.ts";
import { Network } from "./network.ts";
import { type TerminalOptions, Terminals } from "./terminals.ts";

/** A terminal on pc1, whose echo server is pc2. */
async function shell(options: TerminalOptions = {}) {
  const network = new Network();
  network.host("pc1", { address: "10.0.0.1/24" });
  network.host("pc2", { address: "10.0.0.2/24" });
  network.cable("pc1", "pc2");
  network.start("pc2", echoServer, { port: 7 });
  const terminals = new Terminals(network);
  const loop = runLoopOf(network);
  const terminal = terminals.open("pc1", 80, 24, options) ?? 0;
  const rest = (time: number) => loop.run((network.now + seconds(time)) as Instant);
  await rest(1);
  const shown = (): string => plain(terminals.list()[0]?.shown ?? "");
  /** What stands on the terminal below what stood there, so many seconds after keys were pressed. */
  const type = async (text: string, time = 1): Promise<string> => {
    const before = shown().replace(/\n?[^\n]*$/, "").length;
    terminals.input(terminal, text);
    await rest(time);
    return shown().slice(before).replace(/^\n/, "");
  };
  return { network, terminals, terminal, type, shown, rest };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's output
const plain = (text: string): string => text.replaceAll(/\x1b\[[?\d;]*[A-Za-z]/g, "").replaceAll("\r\n", "\n");

describe("the shell", () => {
  test("runs what follows by the status of what came before", async () => {
    const { type } = await shell();
    assert.equal(
      await type("nope || echo $?; echo a && nope && echo b\r"),
      [
        "pc1$ nope || echo $?; echo a && nope && echo b",
        "nope: command not found (help lists those that there are)",
        "127",
        "a",
        "nope: command not found (help lists those that there are)",
        "pc1$ ",
      ].join("\n"),
    );
  });

  test("pipes, and writes and reads files of the host", async () => {
    const { type } = await shell();
    await type("echo one > f; echo two >> f\r");
    assert.equal(await type("cat < f | cat; ls -l\r"), "pc1$ cat < f | cat; ls -l\none\ntwo\n         8 f\npc1$ ");
    assert.equal(
      await type("cat none 2> e || cat e\r"),
      "pc1$ cat none 2> e || cat e\ncat: none: No such file or directory\npc1$ ",
    );
    assert.match(
      await type("rm f e none; ls\r"),
      /^pc1\$ rm f e none; ls\nrm: none: No such file or directory\npc1\$ $/,
    );
  });

  test("a writer whose reader has gone ends as well", async () => {
    const { type, network } = await shell();
    assert.equal(await type("ping pc2 | echo done\r", 3), "pc1$ ping pc2 | echo done\ndone\npc1$ ");
    assert.ok(network.programs.all.every(({ program, state }) => program.name !== "ping" || state === "killed"));
  });

  test("Ctrl-C ends what runs, and the rest of its line", async () => {
    const { type } = await shell();
    await type("sleep 100; echo late\r");
    assert.equal(await type("\x03"), "^C\npc1$ ");
    assert.equal(await type("echo $?\r"), "pc1$ echo $?\n130\npc1$ ");
    assert.equal(await type("half a line\x03"), "pc1$ half a line^C\npc1$ ");
  });

  test("jobs run in the background, are listed, awaited and ended", async () => {
    const { type } = await shell();
    assert.equal(await type("sleep 5 & sleep 50 &\r"), "pc1$ sleep 5 & sleep 50 &\n[1] started\n[2] started\npc1$ ");
    assert.equal(await type("jobs\r"), "pc1$ jobs\n[1]   Running    sleep 5\n[2]+  Running    sleep 50\npc1$ ");
    assert.equal(await type("ec", 4), "[1]   Done       sleep 5\npc1$ ec");
    assert.equal(await type("\x15kill %2\r"), "pc1$ kill %2\n[2]+  Exit 130   sleep 50\npc1$ ");
    assert.equal(
      await type("kill %7; fg\r"),
      "pc1$ kill %7; fg\nkill: %7: no such job\nfg: current: no such job\npc1$ ",
    );
  });

  test("Ctrl-Z lets a command run on in the background, and fg fetches it back with what is typed", async () => {
    const { type } = await shell();
    await type("nc -N pc2 7\r");
    assert.equal(await type("\x1a"), "[1]+  Running    nc -N pc2 7\npc1$ ");
    assert.equal(await type("fg\r"), "pc1$ fg\nnc -N pc2 7\n");
    assert.equal(await type("back\r\x04"), "back\nback\npc1$ ");
  });

  test("what is typed too early is the next command", async () => {
    const { type } = await shell();
    assert.equal(await type("sleep 1\recho next\rech", 2), "pc1$ sleep 1\necho next\npc1$ echo next\nnext\npc1$ ech");
  });

  test("completes, and lists what there is at the second Tab", async () => {
    const { type } = await shell();
    assert.equal(await type("pi\tpc\t\t"), "pc1  pc2\npc1$ ping pc");
    assert.equal(await type("2 -\t\x15hostn\t\r"), "pc1$ hostname \npc1\npc1$ ");
  });

  test("goes back in its history, and finds lines in it", async () => {
    const { type } = await shell();
    await type("echo one\recho two\r");
    assert.equal(await type("dra\x1b[A\x1b[A"), "pc1$ echo one");
    assert.equal(await type("\x1b[B\x1b[B"), "pc1$ dra");
    assert.equal(await type("\x15\x12on"), "(reverse-i-search)`on': echo one");
    assert.equal(await type("\r"), "pc1$ echo one\none\npc1$ ");
  });

  test("pasted lines wait for Enter, as one line", async () => {
    const { type } = await shell();
    assert.equal(await type("\x1b[200~echo a\r\necho b\n\x1b[201~"), "pc1$ echo a; echo b");
    assert.equal(await type("\r"), "pc1$ echo a; echo b\na\nb\npc1$ ");
  });

  test("no escape sequence comes through, from what is echoed or written", async () => {
    const { type, terminals } = await shell();
    await type("nc -N pc2 7\r\x1b[200~\x1b]0;evil\x07\x9b31m\r\x1b[201~\x04");
    const { shown = "" } = terminals.list()[0] ?? {};
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
    const sequences = shown.match(/\x1b[^mhK]*.|[\x80-\x9f\x07]/g) ?? [];
    assert.deepEqual([...new Set(sequences)], ["\x1b[?2004h", "\x1b[1;36m", "\x1b[0m"]);
    assert.ok(plain(shown).includes("^[]0;evil^G"));
  });

  test("Ctrl-D on an empty line, and exit, end it with all it has started", async () => {
    for (const end of ["\x04", "exit\r"]) {
      const { type, terminals, network } = await shell();
      await type("ping pc2 > f &\r");
      await type(end);
      assert.deepEqual(terminals.list(), []);
      assert.ok(network.programs.all.every(({ program, state }) => program.name !== "ping" || state !== "running"));
    }
  });

  test("leads to other hosts where it may", async () => {
    const { type } = await shell({ switches: true });
    assert.match(await type("@pc2 hostname; hostname\r"), /\npc2\npc1\npc1\$ $/);
    assert.match(await type("pc2$ hostname\r"), /\npc2\npc1\$ $/);
    assert.match(await type("host pc2\r"), /\npc2\$ $/);
    assert.match(await type("@pc1\r"), /\npc1\$ $/);
    assert.match(
      await type("@nobody; host nobody\r"),
      /there is no host nobody\nhost: there is no host nobody\npc1\$ $/,
    );
    const { type: other } = await shell();
    assert.match(await other("@pc2 hostname\r"), /@pc2: command not found/);
  });

  test("lines of others come above what is typed", async () => {
    const { type, terminals, terminal, shown } = await shell();
    await type("hal");
    terminals.tell(terminal, "a \x1b[31mlog line");
    assert.match(shown(), /\na \^\[\[31mlog line\npc1\$ hal$/);
  });
});
