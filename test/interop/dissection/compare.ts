/** Compares our dissection of a capture with tshark's, field by field. */
import { CaptureDissection } from "../../../src/capture/dissect/capture-dissection.ts";
import { CapturedFrames } from "../../../src/capture/dissect/captured-frames.ts";
import type { DatagramDissector, StreamDissector } from "../../../src/capture/dissect/dissector.ts";
import type { Dissection, Field } from "../../../src/capture/dissect/field.ts";
import { showOf } from "../../../src/capture/dissect/field-text.ts";
import { readPcapng } from "../../../src/capture/pcapng/reader.ts";
import { type TsharkField, tsharkColumns, tsharkTrees } from "./pdml.ts";

export interface ComparisonOptions {
  readonly datagrams?: readonly DatagramDissector[];
  readonly streams?: readonly StreamDissector[];
  readonly checkChecksums?: boolean;
  /** Whether frames are shown when all have been looked at, or each after itself. */
  readonly twoPass?: boolean;
  /** Layers that are looked at; all unless told. */
  readonly layers?: readonly string[];
  /** Differences that are told. */
  readonly limit?: number;
}

/** What differs: `"frame 12: tcp.window_size: ours …, tshark's …"`. */
export async function differences(capture: Uint8Array, options: ComparisonOptions = {}): Promise<string[]> {
  const { datagrams = [], streams = [], checkChecksums = false, twoPass = true, limit = 1_000 } = options;
  const frames = new CapturedFrames(readPcapng(capture).captured);
  const dissection = new CaptureDissection({ frames, datagrams, streams, perLink: false, checkChecksums });
  const preferences = checkChecksums ? ["ip", "tcp", "udp"].map((name) => `${name}.check_checksum:TRUE`) : [];
  const [theirs, columns] = await Promise.all([
    tsharkTrees(capture, { twoPass, preferences }),
    tsharkColumns(capture, { twoPass, preferences }),
  ]);
  const found: string[] = [];
  if (theirs.length !== frames.count) found.push(`tshark has ${theirs.length} frames, we have ${frames.count}`);
  if (twoPass) dissection.examine(frames.count);
  for (let number = 1; number <= frames.count && found.length < limit; number++) {
    if (!twoPass) dissection.examine(number);
    const ours = dissection.dissect(number);
    const say = (what: string): unknown => found.push(`frame ${number}: ${what}`);
    const wanted = (name: string): boolean => options.layers === undefined || options.layers.includes(name);
    const layers = ours.layers.filter(({ definition }) => wanted(definition.name));
    const their = (theirs[number - 1]?.layers ?? []).filter(({ name }) => wanted(name));
    compareFields(layers, their, "", say, undefined);
    if (options.layers === undefined) compareColumns(ours, columns[number - 1] ?? [], say);
  }
  return found;
}

type Say = (what: string) => void;

function compareColumns({ columns }: Dissection, row: readonly string[], say: Say): void {
  (["source", "destination", "protocol", "info"] as const).forEach((name, index) => {
    const their = row[index] ?? "";
    if (columns[name].trimEnd() !== their.trimEnd()) say(`${name}: ours "${columns[name]}", tshark's "${their}"`);
  });
}

/** @param parent what they stand in */
function compareFields(
  ours: readonly Field[],
  theirs: readonly TsharkField[],
  path: string,
  say: Say,
  parent: Field | undefined,
): void {
  let own = 0;
  for (const their of theirs) {
    const field = ours[own];
    const name = their.name || `"${their.line}"`;
    if (field?.definition.name === their.name) {
      compareField(field, their, `${path}${name}`, say, parent);
      own++;
      continue;
    }
    const later = ours.findIndex((each, index) => index > own && each.definition.name === their.name);
    const theirLater = theirs.indexOf(their);
    const inTheirs =
      field !== undefined && theirs.slice(theirLater + 1).some((each) => each.name === field.definition.name);
    if (later > own && !inTheirs) {
      for (; own < later; own++) say(`${path}${ours[own]?.definition.name || ours[own]?.text} is not tshark's`);
      compareField(ours[own] as Field, their, `${path}${name}`, say, parent);
      own++;
    } else {
      say(`${path}${name} is missing: tshark's "${their.line}" ${their.show}`);
    }
  }
  for (; own < ours.length; own++) say(`${path}${ours[own]?.definition.name || ours[own]?.text} is not tshark's`);
}

function compareField(field: Field, their: TsharkField, path: string, say: Say, parent: Field | undefined): void {
  const isBytes = field.definition.type === "none" || field.definition.type === "protocol";
  const show = showOf(field.definition, field.value);
  if (!(isBytes && show === "") && field.definition.name !== "" && show !== their.show) {
    say(`${path} value: ours "${show}", tshark's "${their.show}"`);
  }
  if (their.line !== "" && field.text !== their.line)
    say(`${path} line: ours "${field.text}", tshark's "${their.line}"`);
  if (field.hidden !== their.hidden) say(`${path} ${their.hidden ? "is hidden" : "is not hidden"} with tshark`);
  // tshark writes the place of the header before it for this one field, and where bytes of their own begin that of what they stand in.
  const isMoved = field.definition.name === "ip.fragments" || (parent !== undefined && parent.source !== field.source);
  const moved = isMoved && field.length === their.length;
  if (their.length > 0 && !moved && (field.offset !== their.offset || field.length !== their.length)) {
    say(`${path} place: ours ${field.offset}+${field.length}, tshark's ${their.offset}+${their.length}`);
  } else if (their.length === 0 && field.length !== 0) {
    say(`${path} place: ours ${field.offset}+${field.length}, tshark's none`);
  }
  compareFields(field.children, their.children, `${path} > `, say, field);
}
