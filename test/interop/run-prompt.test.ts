/** `netarium run` at a pseudo-terminal: commands are typed at its prompt. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { requireTool } from "../require.ts";

const CLI = resolve(import.meta.dirname, "../../cli/main.ts");
const NETWORK = `netarium: 1
name: Two
devices:
  pc1: { kind: host, address: 10.0.0.1/24, programs: [time-server] }
  pc2: { kind: host, address: 10.0.0.2/24, programs: [{ run: time-client, with: { server: "pc1:3434" }, at: 500ms }] }
cables:
  - { between: [pc1, pc2] }
`;

type Step = readonly [awaited: string, typed: string];

async function type(
  args: readonly string[],
  steps: readonly Step[],
): Promise<{ out: string; status: number | string }> {
  const command = [process.execPath, "--conditions=netarium:source", CLI, ...args];
  const typist = join(import.meta.dirname, "type_at_terminal.py");
  const { stdout } = await promisify(execFile)("python3", [typist, "80", JSON.stringify(steps), ...command], {
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(stdout);
}

/** Without what moves the cursor and colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's output
const plain = (text: string): string => text.replaceAll(/\x1b\[[?\d;]*[A-Za-z]/g, "").replaceAll(/\r+\n/g, "\n");

describe("the prompt of netarium run", () => {
  const folder = mkdtempSync(join(tmpdir(), "netarium-prompt-"));
  const file = join(folder, "two.yaml");
  const record = join(folder, "record");
  writeFileSync(file, NETWORK);

  test("runs what is typed, on this host and others, and ends at the second Ctrl-C; a replay types it again", async (t) => {
    t.after(() => rmSync(folder, { recursive: true }));
    if (!requireTool(t, "python3")) return;
    const typed = await type(
      ["run", file, "--record", record],
      [
        ["pc1\\$ ", "ping -c 2 -i 0.2 p\t2\r"],
        ["rtt [^$]*pc1\\$ ", "@pc2 hostname; host pc2\r"],
        ["pc2\\$ ", "half a line"],
        ["half a line", "\x03"],
        ["\\^C[^$]*pc2\\$ ", "ping pc1\r"],
        ["icmp_seq=2", "\x03"],
        ["rtt [^$]*pc2\\$ ", "\x03"],
        ["again ends the run", "\x03"],
      ],
    );
    assert.equal(typed.status, 0, typed.out);
    const out = plain(typed.out);
    assert.match(out, /pc1\$ ping -c 2 -i 0\.2 pc2\nPING pc2 \(10\.0\.0\.2\)/);
    assert.match(out, /\npc2\npc2\$ half a line\^C\n/);
    assert.match(out, /of virtual time in/);
    const again = await type(["run", file, "--replay", record], []);
    assert.equal(again.status, 0, again.out);
    const lines = plain(again.out);
    for (const line of ["PING pc2 (10.0.0.2) 56(84) bytes of data.", "half a line^C", "--- pc1 ping statistics ---"]) {
      assert.ok(lines.includes(line), `${line} in\n${lines}`);
    }
    assert.deepEqual(answers(lines), answers(out));
  });

  test("lines of the log leave what is typed whole, and Ctrl-D ends the run", async (t) => {
    if (!requireTool(t, "python3")) return;
    const own = mkdtempSync(join(tmpdir(), "netarium-prompt-"));
    t.after(() => rmSync(own, { recursive: true }));
    const network = join(own, "two.yaml");
    writeFileSync(network, NETWORK);
    const { out, status } = await type(
      ["run", network],
      [
        ["pc1\\$ ", "echo unbro"],
        ["time-client", "ken\r"],
        ["\\nunbroken", "\x04"],
      ],
    );
    assert.equal(status, 0, out);
    assert.match(plain(out), /time-client .*\n(?:.*\n)*.*echo unbroken\nunbroken\n/);
  });

  test("without a terminal there is none", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...["--conditions=netarium:source", CLI, "run", resolve("examples/names.yaml"), "--for", "1s"],
    ]);
    assert.ok(!/help lists/.test(stdout) && !stdout.includes("\x1b"));
  });
});

/** Answers to pings, with the virtual times they took. */
const answers = (text: string): string[] => [...text.matchAll(/^\d+ bytes from .*$/gm)].map(([line]) => line);
