/** Between whom a frame goes. */
export interface Flow {
  readonly transport: "TCP" | "UDP";
  /** `"10.0.1.11:49152"` */
  readonly source: string;
  readonly destination: string;
}

/** A frame on its way over a cable, for the canvas. */
export interface Crossing {
  /** The event of its leaving. */
  readonly event: number;
  readonly cable: number;
  readonly direction: "a-b" | "b-a";
  /** When its first bit left, and when its last one arrives. */
  readonly left: number;
  readonly arrives: number;
  /** `"ARP" "ICMP" "TCP" "UDP" "DNS" "HTTP" "TLS" "CHAT" "IPv4" "Ethernet"`: the innermost that its bytes tell alone. */
  readonly protocol: string;
  /** A few words: `"SYN"`, `"ARP who has 10.0.1.1?"`. */
  readonly label: string;
  readonly length: number;
  /** Why it does not arrive, if it does not. */
  readonly lost?: string;
  /** Told to who asks for it, of what has ports. */
  readonly flow?: Flow;
}

/** How much has crossed a cable one way since the last push. */
export interface CableTraffic {
  readonly cable: number;
  /** Frames and bytes from a to b, and from b to a. */
  readonly frames: readonly [number, number];
  readonly bytes: readonly [number, number];
  readonly drops: readonly [number, number];
  /** Bits per second of virtual time, averaged over about its last second. */
  readonly rates: readonly [number, number];
  /** Whether each direction can carry now. */
  readonly up: readonly [boolean, boolean];
}
