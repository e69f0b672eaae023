import type { IpAddress } from "../../address/ip.ts";
import { type MacAddress, readMac } from "../../address/mac.ts";
import { ETHERNET_HEADER_LENGTH } from "../../wire/ethernet.ts";
import type { FrameBytes } from "./frames.ts";

/** Addresses that are remembered; the oldest gives way. */
export const ADDRESSES_LIMIT = 4_096;

/** An IP address that two stations say to have. */
export interface DuplicateUse {
  readonly address: IpAddress;
  readonly mac: MacAddress;
  readonly other: MacAddress;
  /** The last frame in which the other had it, and nanoseconds since then. */
  readonly frame: number;
  readonly since: number;
}

/** Who has which IP address, as ARP tells (RFC 5227 §2.4). */
export class AddressUsers {
  readonly #users = new Map<IpAddress, { readonly mac: MacAddress; readonly frame: number; readonly time: number }>();
  readonly #duplicates = new Map<number, DuplicateUse[]>();

  /** Takes a frame with ARP. */
  add(number: number, { view, start, end, time }: FrameBytes): void {
    const at = start + ETHERNET_HEADER_LENGTH;
    if (end - at < 28 || view.getUint32(at) !== 0x0001_0800 || view.getUint16(at + 4) !== 0x0604) return;
    const opcode = view.getUint16(at + 6);
    if (opcode !== 1 && opcode !== 2) return;
    const sender = view.getInt32(at + 14) as IpAddress;
    const target = view.getInt32(at + 24) as IpAddress;
    this.#use(number, time, sender, readMac(view, at + 8));
    if (opcode === 2 && target !== sender) this.#use(number, time, target, readMac(view, at + 18));
  }

  #use(number: number, time: number, address: IpAddress, mac: MacAddress): void {
    if (address === 0 || mac === 0) return;
    const known = this.#users.get(address);
    if (known !== undefined && known.mac !== mac) {
      const duplicate = { address, mac, other: known.mac, frame: known.frame, since: time - known.time };
      this.#duplicates.set(number, [...(this.#duplicates.get(number) ?? []), duplicate]);
      return;
    }
    this.#users.set(address, { mac, frame: number, time });
    if (this.#users.size > ADDRESSES_LIMIT) this.#users.delete(this.#users.keys().next().value as IpAddress);
  }

  /** What a frame contradicts. */
  of(number: number): readonly DuplicateUse[] {
    return this.#duplicates.get(number) ?? [];
  }
}
