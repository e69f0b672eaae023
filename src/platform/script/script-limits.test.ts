import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runScripts } from "../../../test/fixtures/script-run.ts";
import type { ScriptErrorCode } from "../../application/script/scripts.ts";

const DATAGRAMS = `import { sockets } from "netarium/socket";
const socket = sockets.socket("inet", "dgram");
await socket.bind({ address: "127.0.0.1", port: 5 });
const to = { address: "127.0.0.1", port: 5 };
`;

/** What is stopped, and for what. */
const BAD: readonly (readonly [why: ScriptErrorCode, source: string, line?: number])[] = [
  ["computing", "\nfor (;;) {}", 1],
  ["computing", "for (;;) await 0;"],
  ["computing", "function f(): void {\n  try { for (;;); } finally { f(); }\n}\nf();", 1],
  [
    "computing",
    "(async () => { try { for (;;) await 0; } finally { console.log('on') } })(); setTimeout(() => {}, 10_000);",
  ],
  ["computing", "setInterval(() => { for (let i = 0; i < 3e5; i++); }, 1);"],
  ["computing", "queueMicrotask(function again() { queueMicrotask(again); });"],
  ["computing", "/^(a+)+$/.test('a'.repeat(40) + 'b');"],
  ["computing", "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1);"],
  ["computing", "Array.prototype.sort.call({ length: 2 ** 53 - 1 });"],
  ["computing", "'a'.repeat(8e6).indexOf('a'.repeat(4e6) + 'b');"],
  ["computing", "(2n ** 1000000n).toString();"],
  ["computing", "const bytes = new Uint8Array(1 << 24); for (;;) bytes.fill(1);"],
  ["computing", "let all: any = []; for (let i = 0; i < 100; i++) all = [all, all]; JSON.stringify(all);"],
  ["computing", `${DATAGRAMS}for (;;) await socket.sendto(new Uint8Array(10), to);`],
  ["recursion", "function f(): void { f(); }\nf();", 1],
  ["recursion", "JSON.parse('['.repeat(1e6));"],
  ["recursion", "(0, eval)('('.repeat(1e5));"],
  ["memory", "const all = [];\nfor (;;) all.push(new Array(1000).fill(1));", 2],
  ["memory", "const all: string[] = []; for (let i = 0; ; i++) all.push(String(i).repeat(10_000));"],
  ["memory", "const all = []; for (;;) all.push(new ArrayBuffer(1 << 20));"],
  ["log-flood", "for (;;) console.log('x');"],
  ["log-flood", "console.log('\\n'.repeat(1e5));"],
  ["log-flood", "setInterval(() => console.log('x'), 1);"],
  [
    "sockets",
    'import { sockets } from "netarium/socket";\nfor (let i = 0; i < 10_000; i++) sockets.socket("inet", "stream");',
  ],
  [
    "sockets",
    'import { sockets } from "netarium/socket";\ntry { for (;;) sockets.socket("inet", "dgram"); } catch { for (;;); }',
  ],
  ["waiting", "for (;;) setTimeout(() => {}, 1e9);"],
  ["waiting", `${DATAGRAMS}for (;;) void socket.recv(1e15);`],
  ["waiting", `${DATAGRAMS}for (;;) void socket.sendto(new Uint8Array(60_000), { address: "10.9.9.9", port: 5 });`],
  ["waits-forever", "await new Promise(() => {});"],
  ["syntax", "let a = 1;\nlet b = = 2;", 2],
  ["syntax", "let a = 1;\nlet a: number = 2;", 2],
  ["uncaught", "\n\nawait Promise.reject(new Error('no'));", 3],
  ["uncaught", "setTimeout(() => {\n  throw new Error('late');\n}, 10);", 2],
  [
    "uncaught",
    "async function serve(): Promise<void> {\n  await 0;\n  throw new Error('floating');\n}\nvoid serve();\nsetTimeout(() => {}, 1e9);",
    3,
  ],
  ["uncaught", "setTimeout(async () => {\n  null.x;\n}, 5);", 2],
  ["uncaught", "throw null;"],
  ["computing", "throw { get message() { for (;;); } };"],
  ["uncaught", 'import "node:fs";'],
  ["uncaught", "new ArrayBuffer(2 ** 40);", 1],
];

/** Its neighbour on the LAN, which is to go on. */
const NEIGHBOUR = `import { sockets } from "netarium/socket";
const socket = sockets.socket("inet", "dgram");
for (let i = 0; i < 3; i++) {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await socket.sendto(new Uint8Array(1), { address: "10.0.0.1", port: 9 });
}
console.log("done");`;

describe("a script that does more than it may is stopped with a reason, and its neighbours go on", () => {
  for (const [why, source, line] of BAD) {
    test(`${why}: ${source.replace(DATAGRAMS, "").replaceAll("\n", " ").slice(0, 90)}`, async () => {
      const run = await runScripts({ bad: source, good: NEIGHBOUR });
      const failed = run.lines.find(({ host, code }) => host === "bad" && code === "program-failed");
      assert.equal(failed?.parameters.reason, why, run.end("bad"));
      if (line !== undefined && why !== "computing") assert.equal(failed?.parameters.line, line, run.end("bad"));
      if (line !== undefined) assert.equal(typeof failed?.parameters.line, "number", run.end("bad"));
      assert.deepEqual(run.output("good"), ["done"]);
      assert.equal(run.network.snapshot().programs[0]?.sockets, 0, "nothing of it is left");
    });
  }
});

test("where a script is stopped is the same each time", async () => {
  const sources = {
    a: "let turns = 0; setInterval(() => { console.log(++turns); for (let i = 0; i < 2e5; i++); }, 1);",
    b: "const all = []; setInterval(() => { console.log(all.length); for (let i = 0; i < 999; i++) all.push(new Array(100).fill(i)); }, 1);",
  };
  const [one, other] = [await runScripts(sources), await runScripts(sources)];
  for (const host of ["a", "b"]) {
    assert.ok(one.output(host).length > 3);
    assert.deepEqual(one.output(host), other.output(host));
    assert.equal(one.end(host), other.end(host));
    assert.match(one.end(host), /^failed/);
  }
});
