import type { IpAddress } from "../../address/ip.ts";
import type { Ends, Seen } from "./frame.ts";
import { Numbering } from "./numbering.ts";
import type { ScriptSettings } from "./options.ts";

/** The pair of ports that the script's packets go by, and their numbers. */
export interface Flow {
  readonly ends: Ends;
  readonly numbering: Numbering;
}

/** The first port of the far end when it opens connections. */
const FIRST_PORT = 40_001;

/**
 * Which connection the packets of the script belong to: the one that `connect` opened last, or what the far end began
 * after the last `listen`. As with packetdrill, packets name no ports.
 */
export class Flows {
  readonly #settings: ScriptSettings;
  #current: Flow | undefined;
  #boundPort: number;
  #nextPort = FIRST_PORT;

  constructor(settings: ScriptSettings) {
    this.#settings = settings;
    this.#boundPort = settings.bindPort;
  }

  /** The host has bound a port, to which the far end's next packet goes if nothing is open yet. */
  bound(port: number): void {
    this.#boundPort = port;
    this.#current = undefined;
  }

  /** The host opens a connection, or sends its first datagram to there. @param localPort 0 for one that the first packet will tell */
  opened(localPort: number, remoteAddress: IpAddress, remotePort: number): void {
    const { localAddress } = this.#settings;
    this.#current = { ends: { localAddress, remoteAddress, localPort, remotePort }, numbering: new Numbering() };
  }

  /** The flow of the next packet, which the far end begins if there is none. */
  get current(): Flow {
    if (this.#current === undefined) this.opened(this.#boundPort, this.#settings.remoteAddress, this.#nextPort++);
    return this.#current as Flow;
  }

  /** Whether a packet of the host belongs to the flow. ICMP belongs to all. */
  owns({ packet, ends }: Seen): boolean {
    if (packet.kind === "icmp") return true;
    const flow = this.current;
    if (flow.ends.localPort === 0) this.#current = { ...flow, ends: { ...flow.ends, localPort: ends.localPort } };
    const own = this.current.ends;
    return own.localPort === ends.localPort && own.remotePort === ends.remotePort;
  }
}
