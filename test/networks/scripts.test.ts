import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeScripts } from "../../src/platform/node/script/node-scripts.ts";
import { LabWatcher, lab } from "../fixtures/lab.ts";

const NETWORK = `
netarium: 1
devices:
  pc1: { kind: host, address: 10.0.0.1/24 }
  pc2:
    kind: host
    address: 10.0.0.2/24
    programs:
      - run: script
        at: 500ms
        with:
          name: dice-server.ts
          source: |
            import { connections, listenTcp, sockets } from "netarium/socket";
            const listener = await listenTcp(sockets, { address: "0.0.0.0", port: 6 });
            for await (const socket of connections(listener)) {
              await socket.send(new TextEncoder().encode(String(1 + Math.floor(Math.random() * 6))));
              await socket.close();
            }
cables: [{ between: [pc1, pc2], delay: 3ms, loss: 5% }]
`;

const CLIENT = `import { chunks, connectTcp, milliseconds, clock, sockets } from "netarium/socket";
for (let i = 0; ; i++) {
  const socket = await connectTcp(sockets, { address: "10.0.0.2", port: 6 });
  for await (const chunk of chunks(socket)) console.log(i, new TextDecoder().decode(chunk));
  await socket.close();
  await clock.sleep(milliseconds(100 + 100 * Math.random()));
}`;

test("scripts that were run and stopped do it again after a rewind, with the same bytes and lines", async () => {
  const { engine, machine } = await lab(NETWORK, { scripts: nodeScripts() });
  const watcher = new LabWatcher(engine);
  await machine.pass(1000);
  const { run } = await watcher.request("program.run", { host: "pc1", name: "client.ts", source: CLIENT });
  await watcher.request("time.runUntil", { at: 5e9 });
  const [launched] = (await watcher.request("program.list", {})).programs;
  assert.deepEqual(launched, { run, name: "pc1/client.ts", host: "pc1", program: "client.ts", state: "running" });
  await watcher.request("program.stop", { program: "pc1/client.ts" });
  await watcher.request("time.runUntil", { at: 8e9 });
  assert.equal((await watcher.request("program.list", {})).programs[0]?.state, "stopped");
  const { lines } = await watcher.request("log.lines", { from: 0, count: 500 });
  const said = lines.map(({ at, run: name, text }) => [at, name, text]);
  assert.ok(said.length > 7, JSON.stringify(lines));
  assert.deepEqual(
    said.map(([, name]) => name),
    said.map(() => "pc1/client.ts"),
  );
  assert.ok(engine.state.inputs.count >= 2, "both were inputs");

  await watcher.request("time.branch", { at: 8e9 });
  assert.equal(engine.state.differs, undefined, "the repetition has the same events");
  const again = await watcher.request("log.lines", { from: 0, count: 500 });
  assert.deepEqual(
    again.lines.map(({ at, run: name, text }) => [at, name, text]),
    said,
  );
  await watcher.request("time.branch", { at: 3e9 });
  assert.equal((await watcher.request("program.list", {})).programs[0]?.state, "running");
  await engine.close();
});

test("what a script did wrong is told with its line, and what cannot be run is refused", async () => {
  const { engine } = await lab(NETWORK, { scripts: nodeScripts() });
  const watcher = new LabWatcher(engine);
  await watcher.request("program.run", { host: "pc1", name: "bad.ts", source: "const a: number = 1;\nnull.x;\n" });
  await watcher.request("time.runUntil", { at: 3e9 });
  const { lines } = await watcher.request("log.lines", { from: 0, count: 10 });
  const failed = lines.find(({ code }) => code === "program-failed");
  assert.deepEqual([failed?.run, failed?.params.line, failed?.params.reason], ["pc1/bad.ts", 2, "uncaught"]);
  assert.match(failed?.text ?? "", /^bad\.ts failed: bad\.ts:2:5: TypeError: /);

  const refusal = async (host: string, name: string) =>
    (await watcher.refusal("program.run", { host, name, source: "" })).code;
  assert.equal(await refusal("pc9", "a.ts"), "program-no-host");
  assert.equal(await refusal("pc1", "../a.ts"), "program-bad-name");
  assert.equal((await watcher.refusal("program.stop", { program: "pc1/x" })).code, "no-program");
  await engine.close();

  const without = await lab(NETWORK);
  const other = new LabWatcher(without.engine);
  assert.equal((await other.refusal("program.run", { host: "pc1", name: "a.ts", source: "" })).code, "no-scripts");
  await without.engine.close();
});

test("a script that takes too much of the machine is killed by an input, and again at the same time in a replay", async () => {
  const { engine, machine } = await lab(NETWORK, { scripts: nodeScripts(() => (wall += 30)) });
  let wall = 0;
  const watcher = new LabWatcher(engine);
  await watcher.request("program.run", { host: "pc1", name: "busy.ts", source: "setInterval(() => {}, 10);" });
  await machine.pass(100);
  await watcher.request("time.runUntil", { at: 20e9 });
  const killed = async () =>
    (await watcher.request("log.lines", { from: 0, count: 9 })).lines.find(({ code }) => code === "program-killed");
  const line = await killed();
  assert.match(line?.text ?? "", /^busy\.ts was killed: it took too much of the machine's time$/);
  assert.ok((line?.at ?? 0) > 1e9 && (line?.at ?? 0) < 20e9);
  wall = Number.NEGATIVE_INFINITY;
  await watcher.request("time.branch", { at: 20e9 });
  assert.equal((await killed())?.at, line?.at);
  assert.equal(engine.state.differs, undefined);
  await engine.close();
});
