/** What a filter tells of a frame without a dissection is what it says of the dissection, whatever the frame holds. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { CaptureDissection } from "../../src/capture/dissect/capture-dissection.ts";
import { CapturedFrames } from "../../src/capture/dissect/captured-frames.ts";
import type { Dissection, Field, FieldDefinition, Found } from "../../src/capture/dissect/field.ts";
import { PLAIN_FIELDS } from "../../src/capture/dissect/plain-fields.ts";
import { type DisplayFilter, FieldTable, readFilter } from "../../src/capture/filter/index.ts";
import { type CapturedPacket, readPcapng } from "../../src/capture/pcapng/reader.ts";
import { quickFacts } from "../../src/capture/view/quick-facts.ts";
import { networkDissectors } from "../../src/network/dissectors.ts";
import { DISPLAY_FILTERS } from "../fixtures/display-filters.ts";
import { writtenSegments } from "../interop/dissection/written.ts";
import { size } from "../size.ts";
import { captureOfFaults } from "../support/capture-of-faults.ts";
import { mutatorOf } from "./fuzz.ts";

const CAPTURES = size(40, 2_000);
const FILTERS = size(150, 20_000);
/** Frames of one capture of mutated ones. */
const FRAMES = 60;

const written = readPcapng(writtenSegments()).captured;

function dissectionOf(packets: readonly CapturedPacket[], perLink = false): CaptureDissection {
  const frames = new CapturedFrames(packets);
  const dissection = new CaptureDissection({ frames, ...networkDissectors(), perLink });
  dissection.examine(frames.count);
  return dissection;
}

/** Written segments of which two thirds are mutated. */
function mutated(captures: number): CaptureDissection[] {
  const mutator = mutatorOf(
    "filter frames",
    written.map(({ data }) => data),
  );
  return Array.from({ length: captures }, (_, capture) =>
    dissectionOf(
      Array.from({ length: FRAMES }, (_, index) => {
        const model = written[(capture * FRAMES + index) % written.length] as CapturedPacket;
        const data = index % 3 === 0 ? model.data : mutator.next();
        return { ...model, data, originalLength: data.length, time: BigInt(index) * 1_000_000n };
      }),
      capture % 2 === 0,
    ),
  );
}

async function networks(): Promise<CaptureDissection[]> {
  const lossy = await captureOfFaults({ delay: "2ms", rate: "10Mbit/s", loss: "5%", duplication: "2%" }, 1500);
  const narrow = await captureOfFaults({ delay: "1ms", corruption: "1%" }, 600);
  return [lossy, narrow].map((file, index) => dissectionOf(readPcapng(file).captured, index === 0));
}

/** A field as it is compared: where the number stands in the frame does not matter to filters. */
const comparable = ({ value, length }: Pick<Found, "value" | "length">): string =>
  `${value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value)} ${length}`;

function gather(fields: readonly Field[], into: Map<string, Field[]>): Map<string, Field[]> {
  for (const field of fields) {
    const { name } = field.definition;
    if (PLAIN_FIELDS.has(name)) into.set(name, [...(into.get(name) ?? []), field]);
    gather(field.children, into);
  }
  return into;
}

/** @returns how many frames were plain */
function assertSameFields(dissection: CaptureDissection): number {
  const facts = quickFacts(dissection);
  let plain = 0;
  for (let number = 1; number <= dissection.examined; number++) {
    const expected = gather(dissection.dissect(number).layers, new Map());
    const frame = facts(number);
    let known = false;
    for (const name of PLAIN_FIELDS.keys()) {
      const found: Found[] = [];
      if (!frame.find(name, found)) continue;
      known = true;
      const places = (expected.get(name) ?? []).map(comparable);
      assert.deepEqual(found.map(comparable), places, `${name} of frame ${number}`);
    }
    if (known) plain++;
  }
  return plain;
}

/** A capture with some of its frames dissected. */
interface Dissected {
  readonly dissection: CaptureDissection;
  readonly frames: readonly Dissection[];
}

/** @param step which ones: every so many */
const dissected = (dissection: CaptureDissection, step = 1): Dissected => ({
  dissection,
  frames: Array.from({ length: Math.floor(dissection.examined / step) }, (_, index) =>
    dissection.dissect(1 + index * step),
  ),
});

/** @returns of how many frames it was told without a dissection */
function assertSameVerdicts(filter: DisplayFilter, { dissection, frames }: Dissected): number {
  const facts = quickFacts(dissection);
  let told = 0;
  for (const frame of frames) {
    const verdict = filter.quick(facts(frame.number));
    if (verdict === undefined) continue;
    told++;
    assert.equal(verdict, filter.matches(frame), `${filter.text} of frame ${frame.number}`);
  }
  return told;
}

function filterOf(text: string, table: FieldTable): DisplayFilter | undefined {
  const read = readFilter(text, table);
  return "problem" in read ? undefined : read.filter;
}

/** Constants that a field may be compared with, some of which it has in the captures. */
const CONSTANTS: Readonly<Record<string, readonly string[]>> = {
  uint: ["0", "1", "2", "6", "17", "40", "64", "80", "500", "1460", "0x12"],
  frame: ["1", "7", "20"],
  int: ["-2", "1", "128"],
  boolean: ["1", "0", "True"],
  ether: ["ff:ff:ff:ff:ff:ff", "02:00:00:00:00:01"],
  ipv4: ["10.0.0.1", "10.0.1.0/24", "10.0.2.1"],
  duration: ["0", "0.001", "1.5", "-1"],
  time: ['"2026-01-01 00:00:01"'],
  string: ['"a"', '"pc1.eth0"', '"10.0.0.1"'],
  bytes: ["00", "47:45", "61"],
  protocol: ["00", "45:00", "0a:00"],
};

/** Names that the glance knows, and others between them. */
const NAMES = [...PLAIN_FIELDS.keys()];
const OTHERS = [
  "ip.host",
  "tcp.options.mss_val",
  "tcp.flags.str",
  "icmp.resp_in",
  "data.len",
  "http",
  "dns",
  "_ws.expert",
];

function conditionOf(definition: FieldDefinition): fc.Arbitrary<string> {
  const { name, type } = definition;
  const constants = CONSTANTS[type];
  if (constants === undefined) return fc.constant(name);
  const constant = fc.constantFrom(...constants);
  const sign = fc.constantFrom("==", "!=", ">", "<=", "===", "~=");
  const compared = fc.tuple(fc.constantFrom("", "any ", "all "), sign, constant).map(([how, is, value]) => {
    return `${how}${name} ${is} ${value}`;
  });
  const shapes = [fc.constant(name), compared, constant.map((value) => `${name} in {${value}}`)];
  const about = fc.constantFrom("len", "count");
  shapes.push(fc.tuple(about, sign).map(([call, is]) => `${call}(${name}) ${is} 2`));
  if (["bytes", "protocol", "ether", "ipv4"].includes(type)) {
    shapes.push(fc.tuple(fc.nat(30), constant).map(([at]) => `${name}[${at}] == 0a`));
  }
  if (["bytes", "protocol"].includes(type)) shapes.push(constant.map((value) => `${name} contains ${value}`));
  if (type === "uint") shapes.push(sign.map((is) => `${name} + 1 ${is} ip.ttl`));
  return fc.oneof(...shapes);
}

function filters(fields: ReadonlyMap<string, FieldDefinition>): fc.Arbitrary<string> {
  const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...NAMES) }, fc.constantFrom(...OTHERS));
  const single = name.chain((each) => conditionOf(fields.get(each) as FieldDefinition));
  return fc.letrec<{ all: string; joined: string }>((tie) => ({
    all: fc.oneof({ maxDepth: 3 }, single, tie("joined")),
    joined: fc.oneof(
      tie("all").map((each) => `!(${each})`),
      fc
        .tuple(tie("all"), fc.constantFrom("&&", "||", "^^"), tie("all"))
        .map(([left, sign, right]) => `(${left}) ${sign} (${right})`),
    ),
  })).all;
}

describe("what is told of a frame at a glance is what its dissection says", () => {
  test("every field that can be read so is one that there is", () => {
    const { fields } = dissectionOf([]);
    assert.deepEqual(
      NAMES.filter((name) => fields.get(name) !== PLAIN_FIELDS.get(name)?.definition),
      [],
    );
    assert.ok(NAMES.length > 120);
  });

  test("fields of a network's frames, with faults, fragments and errors", async () => {
    for (const dissection of await networks()) {
      const plain = assertSameFields(dissection);
      assert.ok(plain > dissection.examined / 2, `${plain} of ${dissection.examined} frames are plain`);
    }
  });

  test("fields of mutated frames", () => {
    for (const dissection of mutated(CAPTURES)) assertSameFields(dissection);
  });

  test("the filters that there are, and generated ones", async () => {
    const small = [dissectionOf(written), ...mutated(2)].map((each) => dissected(each));
    const captures = [...(await networks()).map((each) => dissected(each, 20)), ...small];
    const { fields } = dissectionOf([]);
    const table = new FieldTable(fields.values());
    for (const text of DISPLAY_FILTERS) {
      const filter = filterOf(text, table);
      assert.ok(filter, text);
      for (const capture of captures) assertSameVerdicts(filter, capture);
    }
    let told = 0;
    fc.assert(
      fc.property(filters(fields), (text) => {
        const filter = filterOf(text, table);
        if (filter !== undefined) for (const capture of small) told += assertSameVerdicts(filter, capture);
      }),
      { numRuns: FILTERS },
    );
    assert.ok(told > FILTERS * FRAMES, "most are told without a dissection");
  });
});
