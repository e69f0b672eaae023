import { ETHERNET_HEADER_LENGTH } from "../../wire/ethernet.ts";
import type { FieldDefinition, FieldValue } from "./field.ts";
import type { PlainFrame } from "./plain-frame.ts";

/** Layers that plain frames have, as bits. */
export const Layer = { frame: 1, eth: 2, arp: 4, ip: 8, icmp: 16, udp: 32, tcp: 64 } as const;

/** Takes a field that was found. @param length octets that the dissection says it has @param offset told of protocols only */
export type Give = (value: FieldValue, length: number, offset?: number) => void;
/** Reads all fields of one name, of a frame that has their layer. */
export type Read = (frame: PlainFrame, give: Give) => void;
/** Readers by the names of their fields. */
export type Readers = Readonly<Record<string, Read>>;

/** A field that can be read without a dissection. */
export interface PlainField {
  readonly definition: FieldDefinition;
  readonly layer: number;
  readonly read: Read;
}

type Header = (view: DataView, at: number) => FieldValue;

/** One value of so many octets, which every header of its layer has. */
export const inFrame =
  (length: number, value: (frame: PlainFrame) => FieldValue): Read =>
  (frame, give) =>
    give(value(frame), length);
export const inEthernet = (length: number, value: Header): Read =>
  inFrame(length, ({ headers: { frame } }) => value(frame.view, frame.start));
export const inArp = (length: number, value: Header): Read =>
  inFrame(length, ({ headers: { frame } }) => value(frame.view, frame.start + ETHERNET_HEADER_LENGTH));
export const inIp = (length: number, value: Header): Read =>
  inFrame(length, ({ headers }) => value(headers.frame.view, headers.ip));
export const inPayload = (length: number, value: Header): Read =>
  inFrame(length, ({ headers: { payload } }) => value(payload.view, payload.start));
export const both =
  (one: Read, other: Read): Read =>
  (frame, give) => {
    one(frame, give);
    other(frame, give);
  };

/** Fields without a value or of a fixed one, which stand in a frame or not. */
export const present =
  (holds: (frame: PlainFrame) => boolean, value?: FieldValue): Read =>
  (frame, give) => {
    if (holds(frame)) give(value, 0);
  };

/** Where IP's payload begins, in the frame. */
export const offsetOf = ({ headers: { frame, payload } }: PlainFrame): number => payload.start - frame.start;

export const portFrom = inPayload(2, (view, at) => view.getUint16(at));
export const portTo = inPayload(2, (view, at) => view.getUint16(at + 2));

/** What UDP or TCP carries in a frame. */
export const payloadBytes: Read = ({ headers: { payload, data, dataEnd } }, give) => {
  if (dataEnd > data) give(payload.bytes.subarray(data, dataEnd), dataEnd - data);
};
