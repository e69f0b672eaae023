/** Display filters beside tshark's: which frames of a capture they let through, and what is no filter for either. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { CaptureDissection, CapturedFrames } from "../../src/capture/dissect/index.ts";
import { FieldTable, readFilter } from "../../src/capture/filter/index.ts";
import { readPcapng } from "../../src/capture/pcapng/reader.ts";
import { quickFacts } from "../../src/capture/view/quick-facts.ts";
import { networkDissectors } from "../../src/network/dissectors.ts";
import { DISPLAY_FILTERS } from "../fixtures/display-filters.ts";
import { requireTool } from "../require.ts";
import { cli, ROOT, temporaryFolder } from "../support/cli.ts";
import { secretsIn } from "./dissection/secrets.ts";

const run = promisify(execFile);

const BAD: readonly string[] = [
  ...[
    "tcp &&",
    "(tcp",
    "tcp)",
    "tcp udp",
    "and tcp",
    "tcp and and udp",
    "not",
    "()",
    "foo",
    "TCP",
    "foo.bar == 1",
    "80 == tcp.port",
  ],
  ...[
    "tcp.port = 80",
    "tcp.port ==",
    "== 80",
    "tcp.port == 80 80",
    "tcp.port == 80;",
    "tcp.port == 70000",
    'tcp.port == "80"',
  ],
  ...[
    "tcp.port == abc",
    "ip.addr == 10.0.0",
    "ip.addr == 300.0.0.1",
    "ip.addr == 10.0.0.1/33",
    'ip.addr == "10.0.0.1"',
  ],
  ...[
    "eth.addr == ff:ff",
    "tcp contains GET",
    'tcp contains "abc',
    "tcp contains 'GE'",
    "tcp[",
    "tcp[]",
    "tcp[a]",
    "tcp.port[0] == 1",
  ],
  ...[
    "tcp.port contains 80",
    'tcp.port matches "80"',
    "http.host matches GET",
    'http.host matches "("',
    "tcp.srcport == ip.src",
  ],
  ...[
    "len(tcp)",
    "foo(tcp.port) == 1",
    "upper(tcp.port) == 3",
    "tcp + 3",
    "tcp.flags.syn & 1",
    "any tcp",
    "tcp.port in 80",
  ],
  ...[
    "tcp.port in {}",
    "tcp.port in {80 443}",
    "tcp.port in {80",
    'frame.time == "x"',
    "frame.time_delta == a",
    "ip.ttl == 64.0",
  ],
];

/** Fields that every frame has, and a datagram or none alike. */
const ALWAYS = [
  "number",
  "len",
  "cap_len",
  "time_delta",
  "time_relative",
  "time_epoch",
  "encap_type",
  "marked",
  "ignored",
]
  .map((name) => `frame.${name}`)
  .concat("frame.protocols", "frame.interface_id", "eth.type", "eth.src", "eth.dst");
/** Processes of tshark. */
const AT_ONCE = 4;

describe("display filters agree with tshark's", () => {
  const cleanups: (() => void)[] = [];
  const context = { after: (cleanup: () => void) => void cleanups.push(cleanup) } as Parameters<
    typeof temporaryFolder
  >[0];
  let file = "";
  let dissection: CaptureDissection;
  let table: FieldTable;

  before(async () => {
    const folder = temporaryFolder(context);
    file = join(folder, "web.pcapng");
    const example = join(ROOT, "examples", "web.yaml");
    const { code, stderr } = await cli(
      "run",
      example,
      "--for",
      "10s",
      "--speed",
      "max",
      "--port",
      "page=0",
      "--pcap",
      file,
    );
    assert.equal(code, 0, stderr);
    const capture = readFileSync(file);
    const frames = new CapturedFrames(readPcapng(capture).captured);
    dissection = new CaptureDissection({ frames, ...networkDissectors(secretsIn(capture)), perLink: false });
    dissection.examine(frames.count);
    table = new FieldTable(dissection.fields.values());
  });
  after(() => {
    for (const cleanup of cleanups) cleanup();
  });

  /**
   * The numbers of frames that tshark lets through, for each filter: it is asked for several at once, each of which has it write a field
   * of its own behind a frame's summary.
   */
  async function tsharkNumbers(filters: readonly string[]): Promise<number[][]> {
    const asked = filters.flatMap((filter, index) => {
      const field = ALWAYS[index] as string;
      return ["-z", `proto,colinfo,${filter === "" ? field : `(${filter}) && ${field}`},${field}`];
    });
    const options = ["-r", file, "-n", "-2", ...asked, "-T", "fields", "-e", "frame.number", "-e", "_ws.col.Info"];
    const { stdout } = await run("tshark", options, { maxBuffer: 1 << 26 });
    const rows = stdout.split("\n").map((line) => line.split("\t"));
    return filters.map((_, index) => {
      const mark = `  ${ALWAYS[index]} == `;
      return rows.filter(([, info = ""]) => info.includes(mark)).map(([number]) => Number(number));
    });
  }

  /** The same for one filter, which may have a comma. */
  async function tsharkNumbersOf(filter: string): Promise<number[]> {
    const { stdout } = await run("tshark", [
      "-r",
      file,
      "-n",
      "-2",
      "-Y",
      filter,
      "-T",
      "fields",
      "-e",
      "frame.number",
    ]);
    return stdout.split("\n").flatMap((line) => (line === "" ? [] : [Number(line)]));
  }

  const isRefused = (filter: string): Promise<boolean> =>
    run("tshark", ["-r", file, "-n", "-Y", filter, "-c", "1"]).then(
      () => false,
      () => true,
    );

  function ownNumbers(text: string): number[] | undefined {
    const read = readFilter(text, table);
    if ("problem" in read) return undefined;
    const facts = quickFacts(dissection);
    const numbers: number[] = [];
    for (let number = 1; number <= dissection.examined; number++) {
      const matched = read.filter.matches(dissection.dissect(number));
      assert.ok(
        [undefined, matched].includes(read.filter.quick(facts(number))),
        `${text}: frame ${number} at a glance`,
      );
      if (matched) numbers.push(number);
    }
    return numbers;
  }

  test("each lets through the same frames", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const plain = DISPLAY_FILTERS.filter((filter) => !filter.includes(","));
    for (let from = 0; from < plain.length; from += ALWAYS.length) {
      const filters = plain.slice(from, from + ALWAYS.length);
      const theirs = await tsharkNumbers(filters);
      for (const [index, filter] of filters.entries()) assert.deepEqual(ownNumbers(filter), theirs[index], filter);
    }
    for (const filter of DISPLAY_FILTERS) {
      if (filter.includes(",")) assert.deepEqual(ownNumbers(filter), await tsharkNumbersOf(filter), filter);
    }
    assert.ok(DISPLAY_FILTERS.length >= 60);
  });

  test("what is none is refused by both", async (t) => {
    if (!requireTool(t, "tshark")) return;
    for (const filter of BAD) assert.equal(ownNumbers(filter), undefined, filter);
    for (let from = 0; from < BAD.length; from += AT_ONCE) {
      const filters = BAD.slice(from, from + AT_ONCE);
      const refused = await Promise.all(filters.map(isRefused));
      assert.deepEqual(
        filters.filter((_, index) => refused[index] !== true),
        [],
        "tshark takes them",
      );
    }
    assert.ok(BAD.length >= 25);
  });
});
