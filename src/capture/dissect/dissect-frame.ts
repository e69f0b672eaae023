import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4 } from "../../wire/ethernet.ts";
import { arpLayer, arpLength, duplicatesLayer } from "./arp-layer.ts";
import type { DissectionOptions } from "./capture-dissection.ts";
import { dataLayer } from "./data-layer.ts";
import { dissectDatagram } from "./dissect-datagram.ts";
import { ethernetLayer } from "./ethernet-layer.ts";
import type { Dissection } from "./field.ts";
import type { FirstPass } from "./first-pass.ts";
import { frameLayer } from "./frame-layer.ts";
import { FrameBytes } from "./frames.ts";
import { Tree } from "./tree.ts";

/**
 * Dissects one frame whole, with what the first pass knows of the others.
 * @param columnsOnly only what the list shows
 */
export function dissectFrame(
  number: number,
  options: DissectionOptions,
  pass: FirstPass,
  columnsOnly = false,
): Dissection {
  const frame = new FrameBytes();
  if (number < 1 || number > pass.examined || !options.frames.read(number, frame)) {
    return new Tree(new Uint8Array(0)).finish(number);
  }
  const own = frame.bytes.slice(frame.start, frame.end);
  const tree = new Tree(own, columnsOnly);
  if (!columnsOnly) {
    const before = new FrameBytes();
    const previous = number > 1 && options.frames.read(number - 1, before) ? before.time : frame.time;
    const times = { epoch: options.frames.epoch, first: pass.firstTime, previous };
    frameLayer(tree, number, frame, options.frames.about(number), times);
  }
  localise(frame, own);
  if (own.length < ETHERNET_HEADER_LENGTH) {
    tree.columns({ protocol: "Ethernet" });
    tree.named("eth");
    tree.malformed("Ethernet");
    return tree.finish(number);
  }
  const type = ethernetLayer(tree, frame, innerLength(frame));
  tree.rebase(ETHERNET_HEADER_LENGTH);
  if (type === ETHERTYPE_ARP) {
    arpLayer(tree, frame);
    duplicatesLayer(tree, frame, pass.addressUsers.of(number));
  } else if (type === ETHERTYPE_IPV4) dissectDatagram(tree, number, frame, options, pass);
  else dataLayer(tree, own.subarray(ETHERNET_HEADER_LENGTH));
  return tree.finish(number);
}

/** The frame's bytes begin at 0 from here on. */
function localise(frame: FrameBytes, own: Uint8Array): void {
  frame.bytes = own;
  frame.view = new DataView(own.buffer, own.byteOffset, own.length);
  frame.start = 0;
  frame.end = own.length;
}

/** Octets of the packet within: what comes behind is padding. */
function innerLength(frame: FrameBytes): number | undefined {
  const type = frame.view.getUint16(12);
  if (type === ETHERTYPE_ARP) return arpLength(frame);
  const at = ETHERNET_HEADER_LENGTH;
  if (type !== ETHERTYPE_IPV4 || frame.end - at < 20) return undefined;
  const total = frame.view.getUint16(at + 2);
  return frame.view.getUint8(at) >> 4 === 4 && total >= 20 ? Math.min(total, frame.end - at) : undefined;
}
