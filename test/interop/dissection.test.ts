/**
 * Our dissection against tshark's, field by field: names, values, lines, places, nesting and order, and the columns of the
 * list; on captures of every example, of a network with faults, and of segments written for the purpose.
 */
import assert from "node:assert/strict";
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { CaptureDissection } from "../../src/capture/dissect/capture-dissection.ts";
import { CapturedFrames } from "../../src/capture/dissect/captured-frames.ts";
import { layerFields } from "../../src/capture/dissect/layer-fields.ts";
import { toTsharkJson } from "../../src/capture/dissect/tshark-json.ts";
import { readPcapng } from "../../src/capture/pcapng/reader.ts";
import type { ConditionsWritten } from "../../src/network/conditions.ts";
import { networkDissectors } from "../../src/network/dissectors.ts";
import { requireTool } from "../require.ts";
import { isLong } from "../size.ts";
import { captureOfFaults } from "../support/capture-of-faults.ts";
import { cli, ROOT } from "../support/cli.ts";
import { splitByInterface } from "../tshark.ts";
import { differences } from "./dissection/compare.ts";
import { tsharkLines } from "./dissection/pdml.ts";
import { secretsIn } from "./dissection/secrets.ts";
import { writtenSegments } from "./dissection/written.ts";

const FIELDS_OUTPUT: ExecFileSyncOptionsWithStringEncoding = {
  encoding: "utf8",
  maxBuffer: 1 << 26,
  stdio: ["ignore", "pipe", "ignore"],
};

/** The examples, with the doors that are to be opened at any port. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "chat-room": ["join", "clock", "datagrams"],
  "chat-web": ["page", "lines"],
  names: ["names", "names-tcp"],
  proxy: ["page"],
  web: ["page"],
};

/** What each run of an example sends is the same, so each is run once. */
const captures = new Map<string, Promise<Buffer>>();

function captureOfExample(name: string, folder: string): Promise<Buffer> {
  const known = captures.get(name) ?? runExample(name, folder);
  captures.set(name, known);
  return known;
}

async function runExample(name: string, folder: string): Promise<Buffer> {
  const file = join(folder, `${name}.pcapng`);
  const ports = (EXAMPLES[name] ?? []).flatMap((door) => ["--port", `${door}=0`]);
  const { code, stdout, stderr } = await cli(
    ...["run", join(ROOT, "examples", `${name}.yaml`), "--for", "20s", "--speed", "max", "--pcap", file, ...ports],
  );
  assert.equal(code, 0, stdout + stderr);
  return readFileSync(file);
}

/**
 * What each Nic of a host or router saw; a switch's see nothing else. All at one hub see the same frames, in almost the same
 * order: of those the long run looks at each, others at the first.
 */
function partsOf(capture: Uint8Array): Uint8Array[] {
  const seen = new Set<string>();
  return splitByInterface(capture).filter((part) => {
    const { captured, interfaces } = readPcapng(part);
    if (captured.length === 0 || !/\.eth\d$/.test(interfaces[0]?.name ?? "")) return false;
    const frames = captured.map(({ data }) => Buffer.from(data).toString("latin1"));
    const all = frames.sort().join("\n");
    const isNew = !seen.has(all);
    seen.add(all);
    return isNew || isLong();
  });
}

describe("dissections agree with tshark's", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "netarium-dissection-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const name of ["chat-room", "names"]) {
    test(`on all that examples/${name}.yaml sends, wherever it is seen`, async (t) => {
      if (!requireTool(t, "tshark")) return;
      assert.deepEqual(await differences(await captureOfExample(name, folder), networkDissectors()), []);
    });
  }

  for (const name of Object.keys(EXAMPLES)) {
    test(`on what each interface of examples/${name}.yaml sees`, async (t) => {
      if (!requireTool(t, "tshark")) return;
      for (const part of partsOf(await captureOfExample(name, folder))) {
        assert.deepEqual(await differences(part, networkDissectors(secretsIn(part))), []);
      }
    });
  }

  const faults: Readonly<Record<string, readonly [ConditionsWritten, number]>> = {
    loss: [{ delay: "2ms", rate: "10Mbit/s", loss: "5%" }, 1500],
    duplication: [{ delay: "2ms", rate: "10Mbit/s", duplication: "10%" }, 1500],
    reordering: [{ delay: "2ms", jitter: "1ms", rate: "10Mbit/s", reordering: "10%" }, 1500],
    "a small MTU": [{ delay: "1ms" }, 600],
  };
  for (const [name, [conditions, mtu]] of Object.entries(faults)) {
    test(`on a network with ${name}`, async (t) => {
      if (!requireTool(t, "tshark")) return;
      for (const part of partsOf(await captureOfFaults(conditions, mtu))) {
        assert.deepEqual(await differences(part, networkDissectors()), []);
      }
    });
  }

  test("on a network with corruption, in all but the analysis of TCP", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const capture = await captureOfFaults({ delay: "2ms", rate: "10Mbit/s", corruption: "3%" }, 1500);
    const found = await differences(capture, { layers: ["frame", "pkt_comment", "eth", "udp", "icmp"] });
    assert.deepEqual(found, []);
  });

  test("on segments written for the purpose: options, flags, keep-alives, windows, resets, quoted datagrams", async (t) => {
    if (!requireTool(t, "tshark")) return;
    assert.deepEqual(await differences(writtenSegments(), networkDissectors()), []);
  });

  test("where checksums are checked", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const capture = await captureOfExample("chat-room", folder);
    assert.deepEqual(await differences(capture, { ...networkDissectors(), checkChecksums: true }), []);
  });

  test("on the names and masks of all fields", async (t) => {
    if (!requireTool(t, "tshark")) return;
    const masks = new Map<string, number>();
    for (const line of execFileSync("tshark", ["-G", "fields"], FIELDS_OUTPUT).split("\n")) {
      const [kind, , name = "", , , , mask] = line.split("\t");
      if (kind === "F" || kind === "P") masks.set(name, Number(mask ?? 0));
    }
    for (const { name, mask = 0, type } of layerFields) {
      if (type === "protocol") continue;
      assert.ok(masks.has(name), `tshark knows no ${name}`);
      // It shows which bits the version is in without saying so.
      if (name !== "ip.version") assert.equal(mask, masks.get(name), `mask of ${name}`);
    }
  });

  for (const name of ["chat-room", "chat-web", "web"]) {
    test(`letter by letter as JSON, on what an interface of examples/${name}.yaml sees`, async (t) => {
      if (!requireTool(t, "tshark")) return;
      const capture = partsOf(await captureOfExample(name, folder)).at(-1) as Uint8Array;
      const frames = new CapturedFrames(readPcapng(capture).captured);
      const dissection = new CaptureDissection({ frames, ...networkDissectors(secretsIn(capture)), perLink: false });
      dissection.examine(frames.count);
      const theirs: string[] = [];
      await tsharkLines(capture, ["-T", "json"], {}, (line) => theirs.push(line));
      const [, date = ""] = /packets-([\d-]+)/.exec(theirs[2] ?? "") ?? []; // of no moment of the capture
      const numbers = Array.from({ length: frames.count }, (_, index) => index + 1);
      const json = numbers.map((number) => toTsharkJson(dissection.dissect(number), date)).join(",\n");
      const lines = `[\n${json}\n]`.split("\n");
      const at = lines.findIndex((line, index) => line !== theirs[index]);
      assert.equal(lines[at], theirs[at], `line ${at + 1}`);
      assert.equal(lines.length, theirs.filter((line) => line !== "").length);
    });
  }
});
