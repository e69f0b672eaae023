import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { randomCommand } from "../../../../test/fixtures/document-commands.ts";
import { size } from "../../../../test/size.ts";
import { PROGRAMS } from "../../../application/registry.ts";
import { Random } from "../../../base/random.ts";
import { History } from "../../../engine/document/history.ts";
import type { DocumentRead } from "../../../engine/document/tools.ts";
import type { DocumentCommand } from "../../../engine/protocol/document.ts";
import type { HostWritten } from "../../../engine/protocol/written.ts";
import { editDocument, readText } from "./edit.ts";
import { fragmentOf } from "./fragment.ts";

const OPTIONS = { programs: PROGRAMS };
const example = (name: string) => readFileSync(new URL(`../../../../examples/${name}.yaml`, import.meta.url), "utf8");

function read(text: string): DocumentRead {
  const result = readText(text, OPTIONS);
  assert.ok(result.document, JSON.stringify(result.problems));
  return result;
}

function edited(text: string, ...commands: DocumentCommand[]): string {
  const result = editDocument(read(text), commands, OPTIONS);
  assert.ok(result.document, JSON.stringify(result.problems));
  return result.text;
}

/** The lines that went and those that came. */
function difference(one: string, other: string): string[] {
  const [before, after] = [one.split("\n"), other.split("\n")];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line.trim()}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

const SMALL = `# A small one.
netarium: 1
devices:
  # the client
  a: { kind: host, address: 10.0.0.1/24,   programs: [{ run: time-client, with: { server: "b:3434" } }] } # asks
  b:
    kind: host   # answers
    address: "10.0.0.2/24"
    programs:
      - time-server

  r:
    kind: router
    interfaces: { eth0: 10.0.0.3/24, eth1: 10.0.1.3/24, eth2: 10.0.2.3/24 }
  h: { kind: hub }
cables:
  - { between: [a, h], delay: 1ms } # short
  - between: [b, h]
    loss: 1%
  - { between: [r, h] }
  - { between: [r.eth1, c] }
  - { between: [r, d] }
doors:
  c: { stream: "unix:c.sock" }
  d: { stream: "unix:d.sock" }
  in: { publish: tcp, real: "127.0.0.1:0", from: a, to: "b:3434" }
faults:
  - { cable: [b, h], at: 1s, do: cut }
  - { cable: [a, h], at: 1s, do: cut, from: a }
`;

test("a command changes the lines that it is about, and no other letter", () => {
  const changed = (...commands: DocumentCommand[]) => difference(SMALL, edited(SMALL, ...commands));
  assert.deepEqual(changed({ do: "device.set", name: "b", set: { address: "10.0.0.9/24", mtu: 1400 } }), [
    '- address: "10.0.0.2/24"',
    "+ address: 10.0.0.9/24",
    "+ mtu: 1400",
  ]);
  assert.deepEqual(changed({ do: "cable.set", cable: 0, set: { delay: null, loss: "2%" } }), [
    "- - { between: [a, h], delay: 1ms } # short",
    "+ - { between: [a, h], loss: 2% } # short",
  ]);
  assert.deepEqual(changed({ do: "cable.set", cable: 1, from: "b", set: { cut: true } }), [
    "+ from: { b: { cut: true } }",
  ]);
  assert.deepEqual(changed({ do: "device.add", name: "z", device: { kind: "switch" }, at: [10.4, 20] }), [
    "+ z: { kind: switch }",
    "+ layout:",
    "+ z: [10, 20]",
  ]);
  assert.deepEqual(changed({ do: "program.add", host: "b", program: "udp-receiver" }), ["+ - udp-receiver"]);
  assert.deepEqual(changed({ do: "program.remove", host: "b", index: 0 }), ["- programs:", "- - time-server"]);
  assert.deepEqual(changed({ do: "network.set", set: { name: "N: #1" } }), ['+ name: "N: #1"']);
});

test("another name is another name wherever the device is named", () => {
  assert.deepEqual(difference(SMALL, edited(SMALL, { do: "device.rename", name: "b", to: "server" })), [
    '- a: { kind: host, address: 10.0.0.1/24,   programs: [{ run: time-client, with: { server: "b:3434" } }] } # asks',
    "- b:",
    "- - between: [b, h]",
    '- in: { publish: tcp, real: "127.0.0.1:0", from: a, to: "b:3434" }',
    "- - { cable: [b, h], at: 1s, do: cut }",
    "+ a: { kind: host, address: 10.0.0.1/24,   programs: [{ run: time-client, with: { server: server:3434 } }] } # asks",
    "+ server:",
    "+ - between: [server, h]",
    '+ in: { publish: tcp, real: "127.0.0.1:0", from: a, to: server:3434 }',
    "+ - { cable: [server, h], at: 1s, do: cut }",
  ]);
});

test("what goes takes its cables, faults and doors along, and is named by its address from then on", () => {
  const text = edited(SMALL, { do: "remove", devices: ["b"] });
  assert.ok(text.includes("server: 10.0.0.2:3434") && text.includes("to: 10.0.0.2:3434"));
  const { network } = read(text);
  assert.deepEqual(
    network.cables?.map(({ between }) => between.join()),
    ["a,h", "r,h", "r.eth1,c", "r,d"],
  );
  assert.equal(network.faults?.length, 1);
  assert.deepEqual(Object.keys(read(edited(SMALL, { do: "remove", devices: ["a", "h"] })).network.doors ?? {}), [
    "c",
    "d",
  ]);
});

test("a cable keeps its interface when one before it goes", () => {
  const text = edited(SMALL, { do: "remove", cables: [2] });
  assert.deepEqual(
    read(text).network.cables?.map(({ between }) => between.join()),
    ["a,h", "b,h", "r.eth1,c", "r.eth2,d"],
  );
  assert.equal(read(text).document.cables[3]?.a.port, "eth2");
});

test("a host with one address of its own gets a list of interfaces with the second", () => {
  const text = edited(SMALL, { do: "interface.set", device: "b", interface: "eth1", set: { address: "10.5.0.1/24" } });
  assert.deepEqual((read(text).network.devices.b as { interfaces?: unknown }).interfaces, {
    eth0: "10.0.0.2/24",
    eth1: "10.5.0.1/24",
  });
  const back = edited(text, { do: "interface.set", device: "b", interface: "eth0", set: null });
  assert.equal(read(back).network.cables?.length, 4, "with the interface goes its cable");
});

test("copies have free names, and addresses that are free or none", () => {
  const { network } = read(SMALL);
  const fragment = fragmentOf(network, ["a", "b", "h", "nobody"]);
  assert.equal(fragment.cables.length, 2);
  const pasted = editDocument(read(SMALL), [{ do: "paste", fragment, addresses: "keep" }], OPTIONS);
  assert.ok(pasted.document);
  assert.deepEqual(pasted.added, ["a2", "b2", "h2"]);
  assert.equal((pasted.network.devices.a2 as { address?: string }).address, undefined, "the original has it");
  const elsewhere = editDocument(
    read("netarium: 1\ndevices: {}\n"),
    [{ do: "paste", fragment, addresses: "keep" }],
    OPTIONS,
  );
  assert.ok(elsewhere.document);
  assert.deepEqual(elsewhere.added, ["a", "b", "h"]);
  assert.equal((elsewhere.network.devices.b as { address?: string }).address, "10.0.0.2/24");
});

test("a network is built from nothing, a device a line", () => {
  const text = edited(
    "netarium: 1\ndevices: {}\n",
    { do: "device.add", name: "pc1", device: { kind: "host", address: "10.0.0.1/24" }, at: [0, 0] },
    { do: "device.add", name: "pc2", device: { kind: "host", address: "10.0.0.2/24" }, at: [90, 0] },
    { do: "cable.add", cable: { between: ["pc1", "pc2"], delay: "1ms" } },
  );
  assert.equal(
    text,
    `netarium: 1
devices:
  pc1: { kind: host, address: 10.0.0.1/24 }
  pc2: { kind: host, address: 10.0.0.2/24 }
layout:
  pc1: [0, 0]
  pc2: [90, 0]
cables:
  - { between: [pc1, pc2], delay: 1ms }
`,
  );
});

test("what cannot be done has a code, which of the commands it was, and a place where there is one", () => {
  const problem = (...commands: DocumentCommand[]) => {
    const result = editDocument(read(SMALL), commands, OPTIONS);
    assert.equal(result.document, undefined);
    const [{ code, command, line } = { code: "", command: undefined, line: undefined }] = result.problems;
    return [code, command, line];
  };
  assert.deepEqual(problem({ do: "remove", devices: ["x"] }), ["no-device", 0, undefined]);
  assert.deepEqual(problem({ do: "network.set", set: {} }, { do: "device.rename", name: "a", to: "b" }), [
    "name-taken",
    1,
    undefined,
  ]);
  assert.deepEqual(problem({ do: "device.add", name: "__proto__", device: { kind: "hub" } }), [
    "not-a-name",
    0,
    undefined,
  ]);
  assert.deepEqual(problem({ do: "cable.set", cable: 9, set: {} }), ["no-cable", 0, undefined]);
  assert.deepEqual(problem({ do: "cable.set", cable: 0, from: "b", set: {} }), ["no-end", 0, undefined]);
  assert.deepEqual(problem({ do: "program.set", host: "h", index: 0, program: "x" }), ["no-host", 0, undefined]);
  assert.deepEqual(problem({ do: "cable.add", cable: { between: ["a", "h"] } }), ["document", 0, 23]);
  assert.deepEqual(problem({ do: "device.set", name: "b", set: { mtu: 3 } }), ["document", 0, 11]);
});

test("aliases and unusual style are written anew only as far as they have to be, and say the right thing", () => {
  const text = `netarium: 1
devices:
  ? a
  : &host { kind: host, programs: &p [time-server] }
  b: *host
  c: { kind: host, programs: *p }
  "d":
    kind:
      switch
`;
  const set = read(edited(text, { do: "device.set", name: "b", set: { mtu: 900 } })).network.devices;
  assert.deepEqual(set, { ...read(text).network.devices, b: { kind: "host", programs: ["time-server"], mtu: 900 } });
  const added = read(edited(text, { do: "program.add", host: "a", program: "udp-receiver" })).network.devices;
  assert.deepEqual(
    [added.a, added.b, added.c].map((each) => (each as HostWritten).programs?.length),
    [2, 1, 1],
  );
  assert.equal(read(edited(text, { do: "device.rename", name: "d", to: "e" })).network.devices.e?.kind, "switch");
});

test("500 commands by chance, all undone, give the first document byte for byte; all redone, the last", () => {
  const texts = [SMALL, example("chat-room"), example("names"), example("web"), "netarium: 1\ndevices: {}"];
  const seeds = size(1, 20);
  for (let seed = 1; seed <= seeds; seed++) {
    const random = new Random(seed, "commands");
    const first = texts[seed % texts.length] ?? "";
    const history = new History(first);
    let document = read(first);
    let taken = 0;
    for (let count = 0; count < 500; count++) {
      const command = randomCommand(random, document.network);
      const result = editDocument(document, [command], OPTIONS);
      if (result.document === undefined) {
        assert.ok(
          result.problems.every(({ code, text }) => code !== "" && text !== ""),
          JSON.stringify(command),
        );
        continue;
      }
      taken++;
      document = result;
      history.add(result.text, { what: command.do, commands: 1, names: [] });
    }
    assert.ok(taken > 150, `${taken} of 500 were taken`);
    const last = history.text;
    assert.equal(last, document.text);
    let steps = 0;
    for (; history.before !== undefined; steps++) {
      if (steps % 50 === 0) read(history.before);
      history.undo();
    }
    assert.equal(history.text, first);
    for (; history.after !== undefined; steps--) history.redo();
    assert.equal(history.text, last);
    assert.equal(steps, 0);
  }
});
