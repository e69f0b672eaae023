import assert from "node:assert/strict";
import test from "node:test";
import { type Lab, LabWatcher, lab, TWO } from "../../../test/fixtures/lab.ts";
import type { DocumentCommand } from "../protocol/document.ts";

const NETWORK = `netarium: 1
devices:
  pc1: { kind: host, address: 10.0.0.1/24, programs: [{ run: time-client, with: { server: "pc2:3434", times: 0, every: 100ms } }] }
  s: { kind: switch }
  pc2: { kind: host, address: 10.0.0.2/24, programs: [time-server] }
cables: [{ between: [pc1, s], delay: 1ms, loss: 3% }, { between: [s, pc2], delay: 1ms }] # two
`;

/** A watcher that edits the version it saw last. */
class Editor {
  readonly watcher: LabWatcher;
  version = 1;

  constructor({ engine }: Lab) {
    this.watcher = new LabWatcher(engine);
  }

  async edit(...commands: DocumentCommand[]) {
    return this.#after(await this.watcher.request("document.edit", { version: this.version, commands }));
  }

  async undo(anew = false) {
    return this.#after(await this.watcher.request("document.undo", { version: this.version, anew }));
  }

  async redo() {
    return this.#after(await this.watcher.request("document.redo", { version: this.version }));
  }

  get() {
    return this.watcher.request("document.get", {});
  }

  #after<T extends { readonly taken: boolean; readonly version?: number }>(answer: T): T {
    this.version = answer.version ?? this.version;
    return answer;
  }
}

const PC3: DocumentCommand[] = [
  { do: "device.add", name: "pc3", device: { kind: "host", address: "10.0.0.3/24" }, at: [1, 2] },
  { do: "cable.add", cable: { between: ["pc3", "s"], delay: "1ms" } },
];

test("an edit changes text and network at once, whether or not time goes on, and is told to who watches", async () => {
  const scene = await lab(NETWORK);
  const { engine, machine } = scene;
  const editor = new Editor(scene);
  const other = new LabWatcher(engine);
  await other.request("document.get", {});
  await machine.pass(500);
  const answer = await editor.edit(...PC3);
  assert.deepEqual(answer, { taken: true, version: 2, added: ["pc3"] });
  assert.ok(engine.course.network.devices.has("pc3"));
  assert.ok(engine.state.running, "time goes on");
  await machine.pass(100);
  const [push] = other.pushes("document");
  assert.ok(push);
  assert.ok(push.document.text.includes("pc3: { kind: host") && push.document.changed);
  assert.deepEqual(push.document.undo, [{ what: "device.add", commands: 2, names: ["pc3", "s"] }]);
  const info = other.pushes("network").at(-1)?.network;
  assert.ok(info);
  assert.ok(info.devices.some(({ name }) => name === "pc3"));
  assert.equal(info.document, push.document.text);
  assert.deepEqual(
    info.cables.map(({ index, written }) => [index, written]),
    [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
  );
  await editor.watcher.request("time.pause", {});
  const { now } = engine.state;
  await editor.edit({ do: "remove", cables: [1] });
  assert.ok(engine.state.now - now <= 1 && !engine.state.running);
  await machine.pass(100);
  const after = other.pushes("network").at(-1)?.network;
  assert.deepEqual(
    after?.cables.map(({ gone, written }) => [gone, written]),
    [
      [undefined, 0],
      [true, undefined],
      [undefined, 1],
    ],
  );
  await engine.close();
});

test("what was undone is as it was, and another version is refused", async () => {
  const scene = await lab(NETWORK);
  const editor = new Editor(scene);
  await editor.edit(...PC3);
  await editor.edit({ do: "layout.set", positions: { pc1: [5, 5] } });
  const problem = await editor.watcher.refusal("document.edit", { version: 1, commands: PC3 });
  assert.deepEqual([problem.code, problem.params], ["document-version", { version: 3 }]);
  await editor.undo();
  await editor.undo();
  const state = await editor.get();
  assert.equal(state.text, NETWORK);
  assert.equal(state.changed, false);
  assert.deepEqual(
    state.redo.map(({ what }) => what),
    ["device.add", "layout.set"],
  );
  assert.ok(!scene.engine.course.network.devices.has("pc3"));
  assert.equal((await editor.watcher.refusal("document.undo", { version: editor.version })).code, "nothing-to-undo");
  await editor.watcher.request("document.saved", { version: editor.version });
  const saved = await editor.get();
  assert.deepEqual([saved.version, saved.changed], [editor.version, false]);
  await editor.redo();
  assert.equal((await editor.get()).changed, true);
  assert.ok(scene.engine.course.network.devices.has("pc3"));
  const refused = await editor.edit({ do: "device.add", name: "pc3", device: { kind: "hub" } });
  assert.ok(!refused.taken && refused.problems[0]?.code === "name-taken");
  await scene.engine.close();
});

test("edits are repeated byte for byte when one goes back behind them, and the document of then comes back as a step", async () => {
  const scene = await lab(NETWORK);
  const { engine, machine } = scene;
  const editor = new Editor(scene);
  const { watcher } = editor;
  await machine.pass(500);
  await editor.edit(...PC3, {
    do: "program.add",
    host: "pc3",
    program: { run: "time-client", with: { server: "pc2:3434", times: 0, every: "70ms" } },
  });
  await machine.pass(500);
  await editor.edit({ do: "cable.set", cable: 0, set: { delay: "2ms", loss: "10%" } });
  await machine.pass(300);
  await editor.edit({ do: "remove", devices: ["pc1"] });
  await machine.pass(300);
  await watcher.request("time.pause", {});
  const { now, capture } = engine.state;
  const last = await editor.get();
  await watcher.request("time.branch", { at: now });
  assert.equal(engine.state.differs, undefined);
  assert.equal(engine.state.capture.next, capture.next);
  assert.equal((await editor.get()).text, last.text);
  await watcher.request("time.branch", { at: 1.2e9 });
  assert.equal(engine.state.differs, undefined);
  const then = await editor.get();
  assert.ok(then.network.devices.pc1 !== undefined && then.network.cables?.[0]?.delay === "2ms");
  assert.equal(then.undo[0]?.what, "time");
  await watcher.request("time.branch", { at: 0.1e9 });
  const beginning = await editor.get();
  assert.equal(beginning.text, NETWORK);
  editor.version = beginning.version;
  await editor.undo();
  assert.ok(engine.course.network.devices.has("pc3"), "what came later can be had again");
  await watcher.request("time.runUntil", { at: 2e9 });
  await watcher.request("time.branch", { at: 1.5e9 });
  assert.equal(engine.state.differs, undefined);
  assert.equal(engine.state.failed, undefined);
  await engine.close();
});

test("a terminal ends with its host, and what was typed before an edit was typed before it in a replay", async () => {
  const scene = await lab(NETWORK);
  const { engine, machine } = scene;
  const editor = new Editor(scene);
  const { watcher } = editor;
  const { terminal } = await watcher.request("terminal.open", { host: "pc1", columns: 80, rows: 24 });
  await watcher.request("terminal.input", { terminal, text: "ping -i 0.1 10.0.0.2\r" });
  await machine.pass(500);
  await editor.edit({ do: "device.rename", name: "pc1", to: "pc9" });
  await machine.pass(500);
  assert.deepEqual(
    watcher.pushes("terminal-closed").map(({ terminal: each }) => each),
    [terminal],
  );
  assert.deepEqual((await watcher.request("terminal.list", {})).terminals, []);
  await watcher.request("time.pause", {});
  await watcher.request("time.branch", { at: engine.state.now });
  assert.equal(engine.state.differs, undefined);
  await engine.close();
});

test("what cannot change while the network runs begins it anew, if that is wanted", async () => {
  const scene = await lab(NETWORK);
  const { engine, machine } = scene;
  const editor = new Editor(scene);
  await machine.pass(500);
  const commands: DocumentCommand[] = [{ do: "network.set", set: { seed: 9 } }];
  const problem = await editor.watcher.refusal("document.edit", { version: 1, commands });
  assert.deepEqual([problem.code, problem.params], ["begins-anew", { what: "seed" }]);
  assert.equal((await editor.get()).version, 1);
  await editor.watcher.request("document.edit", { version: 1, commands, anew: true });
  assert.equal(engine.course.network.seed, 9);
  assert.ok(engine.state.now < 100e6 && engine.state.running);
  assert.equal(engine.state.branches.length, 1);
  editor.version = 2;
  assert.equal((await editor.watcher.refusal("document.undo", { version: 2 })).code, "begins-anew");
  await editor.undo(true);
  assert.equal(engine.course.network.seed, 1);
  await machine.pass(300);
  await editor.watcher.request("time.pause", {});
  await editor.watcher.request("time.branch", { at: engine.state.now });
  assert.equal(engine.state.differs, undefined);
  await engine.close();
});

test("a network that has failed can be mended by beginning anew", async () => {
  const loop = `netarium: 1
devices:
  pc: { kind: host, address: 10.0.0.1/24 }
  s1: { kind: switch }
  s2: { kind: switch }
cables: [{ between: [pc, s1] }, { between: [s1, s2] }]
`;
  const scene = await lab(loop);
  const editor = new Editor(scene);
  await scene.machine.pass(50);
  const made = await editor.edit(
    { do: "cable.add", cable: { between: ["s1", "s2"] } },
    { do: "device.set", name: "pc", set: { address: "10.0.0.2/24" } },
  );
  assert.ok(made.taken);
  assert.equal(scene.engine.state.failed?.code, "livelock");
  const state = await editor.get();
  assert.ok(state.text.includes("10.0.0.2/24"), "the document says what has happened");
  const refused = await editor.watcher.refusal("document.undo", { version: state.version });
  assert.deepEqual([refused.code, refused.params], ["begins-anew", { what: "failed" }]);
  editor.version = state.version;
  await editor.undo(true);
  assert.equal(scene.engine.state.failed, undefined);
  assert.equal((await editor.get()).text, loop);
  await scene.engine.close();
});

test("another network is opened in place of this one, from a text or an example", async () => {
  const scene = await lab(NETWORK);
  const { engine, machine } = scene;
  const editor = new Editor(scene);
  const { watcher } = editor;
  await editor.edit(...PC3);
  await machine.pass(300);
  assert.deepEqual((await watcher.request("document.examples", {})).examples, [
    { name: "two", title: "Two", about: "" },
  ]);
  const opened = await watcher.request("document.open", { example: "two" });
  assert.ok(opened.taken);
  const state = await editor.get();
  assert.deepEqual([state.text, state.file, state.changed, state.undo], [TWO, "two", false, []]);
  assert.ok(!engine.state.running && engine.state.now === 0);
  assert.equal(watcher.pushes("network").length > 0, true);
  await machine.pass(100);
  assert.equal(watcher.pushes("network").at(-1)?.network.name, "Two");
  const wrong = await watcher.request("document.open", { text: "netarium: 1\ndevices: { a: { kind: moon } }\n" });
  assert.ok(!wrong.taken && wrong.problems[0]?.line === 2);
  assert.equal((await watcher.refusal("document.open", { example: "three" })).code, "no-example");
  await watcher.request("document.open", { text: NETWORK, file: "mine.yaml", play: true });
  assert.ok(engine.state.running);
  assert.deepEqual((await watcher.request("document.check", { text: "x" })).problems.length, 1);
  await engine.close();
});

test("of two who edit at once the second is refused, and nothing is lost", async () => {
  const scene = await lab(NETWORK);
  const [one, other] = [new Editor(scene), new Editor(scene)];
  const results = await Promise.allSettled([one.edit(...PC3), other.edit({ do: "device.rename", name: "s", to: "t" })]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected"],
  );
  await scene.engine.close();
});

test("a frame on its way is lost, comes twice or later, and a replay repeats it", async () => {
  const scene = await lab(NETWORK.replace("loss: 3%", "rate: 1Mbit/s"));
  const { engine, machine } = scene;
  const { watcher } = new Editor(scene);
  await watcher.request("time.pause", {});
  const faults = ["drop", "duplicate", "delay"] as const;
  for (let done = 0, tries = 0; done < 9; tries++) {
    assert.ok(tries < 500, "frames are on their way");
    const { event } = await watcher.request("time.stepPacket", {});
    const { log } = engine.course;
    if (event === undefined || log.event(event).reason !== undefined) continue;
    await watcher.request("packet.fault", { event, do: faults[done % 3] ?? "drop", by: 3e6 });
    assert.ok(!engine.state.running);
    done++;
  }
  const dead = await watcher.refusal("packet.fault", { event: 0, do: "drop" });
  assert.equal(dead.code, "not-under-way");
  await watcher.request("time.play", {});
  await machine.pass(500);
  await watcher.request("time.pause", {});
  const drops = Array.from({ length: engine.course.log.next }, (_, event) => engine.course.log.event(event).reason);
  assert.equal(drops.filter((reason) => reason === "cable-taken").length, 3);
  await watcher.request("time.branch", { at: engine.state.now });
  assert.equal(engine.state.differs, undefined);
  await engine.close();
});
