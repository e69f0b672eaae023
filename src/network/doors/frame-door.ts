import { type MacAddress, ZERO_MAC } from "../../address/mac.ts";
import type { Device, DeviceSnapshot } from "../../device/device.ts";
import { Nic } from "../../link/nic.ts";
import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { ETHERNET_HEADER_LENGTH } from "../../wire/ethernet.ts";
import type { Input, Inputs } from "../input-log.ts";

/** Frames that came from outside and wait for their instant; who brings them reads no further from half of it on. */
export const FRAMES_WAITING_LIMIT = 4096;
/** The longest frame that is let in or out: the largest datagram, with a link header. */
export const FRAME_LIMIT = 65_535 + ETHERNET_HEADER_LENGTH;

export interface FrameDoorOptions {
  /** Of the box: `"tap0"`. */
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  readonly inputs: Inputs;
  readonly mac?: MacAddress;
  /** 1500 unless told. */
  readonly mtu?: number;
}

/** What stands outside: a tunnel or a stream. */
export interface FrameOutside {
  /** Takes a frame that leaves; the bytes are only lent. What it cannot take it hands to {@link FrameDoor.refused}. */
  output(frame: Uint8Array): void;
}

/**
 * A port through which Ethernet frames come and go: a box with one Nic, whose cable leads into the network and behind
 * which is the outside. Frames from outside are inputs, put on the cable at their virtual time; frames that come by
 * the cable go out at once, which a replay leaves out. Whether someone is outside, and what it had no room for, are inputs
 * as well: while nobody is, the Nic is off and its cable without a carrier, so that a host at the other end announces
 * itself to whoever comes.
 */
export class FrameDoor implements Device {
  readonly name: string;
  readonly kind = "door";
  readonly nics: readonly [Nic];
  /** The name under which its inputs are recorded. */
  readonly door: string;
  readonly #inputs: Inputs;
  readonly #shut: () => void;
  #outside: FrameOutside | undefined;
  #waiting = 0;
  /** Frames from outside that found {@link FRAMES_WAITING_LIMIT} waiting: they never came in. */
  overrun = 0;

  constructor(options: FrameDoorOptions) {
    const { name, scheduler, pool, inputs, mac = ZERO_MAC } = options;
    const mtu = options.mtu === undefined ? {} : { mtu: options.mtu };
    const nic = new Nic({ device: name, name: "eth0", mac, scheduler, pool, isDoor: true, ...mtu });
    nic.promiscuous = true;
    nic.switch(false);
    nic.receiver = (packet) => this.#leave(packet);
    this.name = name;
    this.nics = [nic];
    this.door = `frames ${name}`;
    this.#inputs = inputs;
    this.#shut = inputs.door(this.door, (input) => this.#input(input));
  }

  /** Ends it for good: nobody comes in any more. */
  remove(): void {
    this.#outside = undefined;
    this.#shut();
    this.nic.switch(false);
  }

  get nic(): Nic {
    return this.nics[0];
  }

  /** Someone is outside from now on. Does nothing in a replay, whose record says when that was. */
  open(outside: FrameOutside): void {
    this.#outside = outside;
    this.#inputs.submit(this.door, "open");
  }

  /** Nobody is outside any more: the cable has no carrier, and what is on it is dropped. */
  close(): void {
    this.#outside = undefined;
    this.#inputs.submit(this.door, "close");
  }

  /**
   * Takes a frame from outside.
   * @param bytes handed over: nobody may change them afterwards
   */
  enter(bytes: Uint8Array): void {
    if (this.#waiting < FRAMES_WAITING_LIMIT && this.#inputs.submit(this.door, "frame", bytes)) this.#waiting++;
    else this.overrun++;
  }

  /** Whether who brings frames should read no further for now. */
  get isBusy(): boolean {
    return this.#waiting >= FRAMES_WAITING_LIMIT / 2;
  }

  /** Says that a frame which left found no room outside: it is dropped as "queue-full". */
  refused(frame: Uint8Array): void {
    this.#inputs.submit(this.door, "refused", frame.slice());
  }

  snapshot(): DeviceSnapshot {
    return { name: this.name, kind: this.kind, nics: [this.nic.snapshot()] };
  }

  #input(input: Input): void {
    const { nic } = this;
    switch (input.kind) {
      case "open":
      case "close":
        nic.switch(input.kind === "open");
        break;
      case "frame":
        if (this.#waiting > 0) this.#waiting--;
        this.#transmit(input.bytes);
        break;
      case "refused":
        if (input.bytes.length <= FRAME_LIMIT) nic.drop(nic.pool.from(input.bytes), "queue-full");
        break;
    }
  }

  #transmit(bytes: Uint8Array): void {
    const { nic } = this;
    const packet = nic.pool.from(bytes.subarray(0, FRAME_LIMIT));
    if (bytes.length < ETHERNET_HEADER_LENGTH) nic.drop(packet, "frame-malformed");
    else if (bytes.length > FRAME_LIMIT) nic.drop(packet, "frame-too-long");
    else nic.transmit(packet);
  }

  #leave(packet: Packet): void {
    if (this.#outside !== undefined) this.#outside.output(packet.data());
    else if (!this.#inputs.replaying) this.refused(packet.data()); // it has gone, and the input that says so waits
    packet.release();
  }
}
