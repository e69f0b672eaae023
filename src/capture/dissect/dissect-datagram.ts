import { ETHERNET_HEADER_LENGTH } from "../../wire/ethernet.ts";
import { PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from "../../wire/ipv4.ts";
import type { DissectionOptions } from "./capture-dissection.ts";
import { dataLayer } from "./data-layer.ts";
import { dissectStream } from "./dissect-stream.ts";
import type { FirstPass } from "./first-pass.ts";
import { setRange } from "./first-pass.ts";
import { reassemble } from "./fragments.ts";
import { FrameBytes } from "./frames.ts";
import { Headers } from "./headers.ts";
import { icmpLayer, REDIRECT } from "./icmp-layer.ts";
import { IP_PROTOCOLS } from "./ip-protocols.ts";
import { fragmentsPart, type Ipv4Part, ipv4Layer } from "./ipv4-layer.ts";
import { tcpKnownOf } from "./tcp-known.ts";
import { tcpLayer } from "./tcp-layer.ts";
import type { Tree } from "./tree.ts";
import { udpLayer } from "./udp-layer.ts";

/** Everything that stays the same while one frame is dissected. */
export interface Scene {
  readonly tree: Tree;
  readonly number: number;
  /** Nanoseconds, of the frame. */
  readonly time: number;
  readonly link: number;
  readonly options: DissectionOptions;
  readonly pass: FirstPass;
  /** Within an ICMP message that quotes it. */
  readonly quoted: boolean;
  /** Whether what it carries is shown: not what a redirect quotes. */
  readonly payload: boolean;
  /** What stands behind the message that quotes it. */
  readonly later: (() => void)[];
}

type Range = Pick<FrameBytes, "bytes" | "view" | "start" | "end">;

/** An IP datagram in a frame, and all that it holds. */
export function dissectDatagram(
  tree: Tree,
  number: number,
  frame: FrameBytes,
  options: DissectionOptions,
  pass: FirstPass,
): void {
  const link = options.perLink ? frame.link : -1;
  const scene = { tree, number, time: frame.time, link, options, pass, quoted: false, payload: true, later: [] };
  datagram(scene, { bytes: frame.bytes, view: frame.view, start: ETHERNET_HEADER_LENGTH, end: frame.end });
}

function datagram(scene: Scene, range: Range): void {
  const { tree, options, quoted } = scene;
  const before = tree.rebase(range.start);
  const part = ipv4Layer(tree, range, { checkChecksums: options.checkChecksums === true, quoted });
  tree.rebase(before);
  if (part === undefined) return;
  const isFragment = part.moreFragments || part.fragmentOffset > 0;
  const payload = { bytes: range.bytes, view: range.view, start: part.start, end: Math.min(range.end, part.end) };
  if (!isFragment || (quoted && part.fragmentOffset === 0)) {
    tree.close();
    payloadOf(scene, part, payload);
  } else {
    fragment(scene, part, payload);
  }
}

function fragment(scene: Scene, part: Ipv4Part, payload: Range): void {
  const { tree, number, pass, quoted } = scene;
  const known = quoted ? undefined : pass.fragments.of(number);
  const whole = known && reassemble(known, (frame) => pass.fragmentOf(frame));
  if (whole !== undefined) fragmentsPart(tree, number, whole);
  tree.close();
  if (whole?.completeIn === number && whole.bytes !== undefined) {
    const range = new FrameBytes();
    setRange(range, whole.bytes);
    tree.enterSource(fragmentsSource(tree));
    payloadOf(scene, { ...part, start: 0, end: whole.bytes.length, moreFragments: false, fragmentOffset: 0 }, range);
    tree.endSource();
    return;
  }
  const name = IP_PROTOCOLS[part.protocol] ?? "Unknown";
  const id = part.identification.toString(16).padStart(4, "0");
  const place = whole !== undefined && whole.completeIn > 0 ? ` [Reassembled in #${whole.completeIn}]` : "";
  tree.columns({
    info: `Fragmented IP protocol (proto=${name} ${part.protocol}, off=${part.fragmentOffset}, ID=${id})${place}`,
  });
  dataAt(tree, payload);
}

const fragmentsSource = (tree: Tree): number => tree.sources.length - 1;

function dataAt(tree: Tree, { bytes, start, end }: Range): void {
  const before = tree.rebase(start);
  dataLayer(tree, bytes.slice(start, end));
  tree.rebase(before);
}

function payloadOf(scene: Scene, ip: Ipv4Part, payload: Range): void {
  const { tree } = scene;
  const before = tree.rebase(payload.start);
  if (ip.protocol === PROTOCOL_ICMP) icmp(scene, ip, payload);
  else if (ip.protocol === PROTOCOL_UDP) udp(scene, ip, payload);
  else if (ip.protocol === PROTOCOL_TCP) tcp(scene, ip, payload);
  else {
    tree.columns({ info: `${IP_PROTOCOLS[ip.protocol] ?? "Unknown"} (${ip.protocol})` });
    tree.rebase(before);
    dataAt(tree, payload);
  }
  tree.rebase(before);
}

function icmp(scene: Scene, ip: Ipv4Part, payload: Range): void {
  const { tree, number, pass, options, quoted, time } = scene;
  const other = quoted ? 0 : pass.echoes.of(number);
  const range = new FrameBytes();
  const elapsed = other > 0 && options.frames.read(other, range) ? time - range.time : 0;
  const complete = pass.examined >= options.frames.count;
  const at = options.frames.epoch + BigInt(time);
  const part = icmpLayer(tree, payload, ip, { other, time: elapsed, complete, quoted, at });
  if (part === undefined) return;
  if (part.holds === "datagram") {
    const shown = { ...tree.shown };
    const floor = tree.nest();
    const base = tree.rebase(0);
    const later: (() => void)[] = [];
    const shownPayload = payload.view.getUint8(payload.start) !== REDIRECT;
    datagram(
      { ...scene, quoted: true, payload: shownPayload, later },
      { ...payload, start: part.start, end: part.end },
    );
    tree.rebase(base);
    tree.unnest(floor);
    tree.close();
    for (const add of later) add();
    tree.columns(shown);
    return;
  }
  const base = tree.rebase(0);
  dataAt(tree, { ...payload, start: part.start, end: part.end });
  tree.rebase(base);
  tree.close();
}

function udp(scene: Scene, ip: Ipv4Part, payload: Range): void {
  const { tree, number, pass, options, quoted, link, time } = scene;
  const before = tree.base;
  const headers = headersOf(ip, payload, link);
  const conversation = headers === undefined ? undefined : pass.conversations.find(headers);
  const previous = pass.table.previous[number] ?? 0;
  const part = udpLayer(tree, payload, ip, {
    stream: conversation?.stream,
    sinceFirst: quoted || conversation === undefined ? undefined : time - conversation.begins,
    sincePrevious: previous === 0 ? 0 : time - timeOf(options, previous, time),
    checkChecksum: options.checkChecksums === true,
    quoted,
    payload: scene.payload,
  });
  if (part === undefined || part.end <= part.start || !scene.payload) return;
  const bytes = payload.bytes.slice(part.start, part.end);
  const dissector = pass.datagramDissector(part.sourcePort, part.destinationPort);
  const message = (): void => {
    const base = tree.rebase(part.start);
    if (dissector === undefined || headers === undefined || conversation === undefined) dataLayer(tree, bytes);
    else {
      headers.frame.time = time;
      const context = pass.datagramContext(number, conversation, headers, false);
      const known = tree.guarded(dissector.protocol, () => dissector.dissect(bytes, context, tree));
      if (known === false) dataLayer(tree, bytes);
    }
    tree.rebase(base);
  };
  // What a quoted datagram holds stands as a layer of its own, and in its own place.
  if (quoted) scene.later.push(() => inPlace(tree, before, message));
  else message();
}

function inPlace(tree: Tree, base: number, add: () => void): void {
  const before = tree.rebase(base);
  add();
  tree.rebase(before);
}

export function timeOf(options: DissectionOptions, number: number, otherwise: number): number {
  const frame = new FrameBytes();
  return options.frames.read(number, frame) ? frame.time : otherwise;
}

function headersOf(ip: Ipv4Part, payload: Range, link: number): Headers | undefined {
  const headers = new Headers();
  Object.assign(headers.payload, payload);
  headers.ipProtocol = ip.protocol;
  headers.source = ip.source;
  headers.destination = ip.destination;
  headers.link = link;
  return headers.readPorts() ? headers : undefined;
}

function tcp(scene: Scene, ip: Ipv4Part, payload: Range): void {
  const { tree, pass, number, quoted } = scene;
  const headers = headersOf(ip, payload, scene.link);
  const id = quoted ? -1 : (pass.table.conversation[number] ?? -1);
  const conversation = pass.conversations.all[id] ?? (headers && pass.conversations.find(headers));
  const part = tcpLayer(tree, payload, ip, tcpKnownOf(scene, conversation, headers));
  if (part === undefined) return;
  const bytes = payload.bytes.slice(part.start, part.end);
  dissectStream(scene, conversation, headers, part, bytes);
}
