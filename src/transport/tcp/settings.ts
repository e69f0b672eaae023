import { type Duration, milliseconds, minutes, seconds } from "../../time/instant.ts";
import type { CongestionControlName } from "./congestion/choose.ts";

/** How a TCP behaves, by value. Where the RFCs leave freedom the defaults are Linux's. */
export interface TcpSettings {
  /** Bytes that may wait unread; the window that is offered. Undefined: as many as the path needs (receive-tuning.ts). */
  readonly receiveBuffer: number | undefined;
  /** Where that begins and ends, bytes. Linux counts its own overhead too: it offers half of tcp_rmem. */
  readonly initialReceiveBuffer: number;
  readonly maximumReceiveBuffer: number;
  /** Bytes that may wait to be sent or acknowledged. Undefined: a few times the congestion window. */
  readonly sendBuffer: number | undefined;
  readonly initialSendBuffer: number;
  readonly maximumSendBuffer: number;
  /** Offer window scaling (RFC 7323 §2). */
  readonly windowScaling: boolean;
  /** The shift to offer, 0–14; the smallest under which the whole buffer can be offered unless given. */
  readonly windowScale: number | undefined;
  /** Offer selective acknowledgments (RFC 2018). */
  readonly sack: boolean;
  /** Offer timestamps (RFC 7323 §3). */
  readonly timestamps: boolean;
  /** How long an acknowledgment may wait for company (RFC 9293 §3.8.6.3, MUST-40: under 0.5 s); 0 for never. */
  readonly delayedAck: Duration;
  /** Send small segments at once, instead of holding them back while one is unacknowledged (Nagle, RFC 9293 §3.7.4). */
  readonly noDelay: boolean;
  /** Maximum segment lifetime; TIME-WAIT lasts two (RFC 9293 §3.6.1, MUST-13). */
  readonly maximumSegmentLifetime: Duration;
  /** Segments of the initial window (RFC 6928). */
  readonly initialWindow: number;
  /** Seed of the secret behind initial sequence numbers (RFC 6528); the network's own unless given. */
  readonly isnSeed: number | undefined;
  readonly congestionControl: CongestionControlName;
  /** Explicit congestion notification (RFC 3168): offered and taken, only taken when the peer offers it, or neither. */
  readonly ecn: "on" | "accept" | "off";
  /** Largest segment to offer and to send, bytes of data; what the path takes unless lower. */
  readonly maximumSegmentSize: number;
  /**
   * Search for what the path carries without ICMP (RFC 4821): never, once data times out again and again, or from the start.
   * Linux: tcp_mtu_probing 0, 1, 2.
   */
  readonly mtuProbing: "off" | "black-hole" | "always";
  readonly initialRto: Duration;
  readonly minimumRto: Duration;
  readonly maximumRto: Duration;
  /** Retransmissions of a SYN before the attempt fails; with 7 that is 255 s (RFC 9293 §3.8.3, MUST-23: at least 3 min). */
  readonly synRetries: number;
  /** Retransmissions of a SYN-ACK before the half-open connection is forgotten. */
  readonly synAckRetries: number;
  /** Handshakes under way that a listener keeps; beyond, SYNs are answered by cookies or dropped. */
  readonly synBacklog: number;
  /** Answer SYNs without keeping anything, by SYN cookies (RFC 4987 §3.6): only when the SYN backlog is full, or always. */
  readonly synCookies: "never" | "when-full" | "always";
  /** Whether a connection that we open may take the place of one in TIME-WAIT, whose timestamps tell them apart. */
  readonly timeWaitReuse: "never" | "loopback" | "always";
  /** Whether a reset leaves TIME-WAIT alone (RFC 1337 §3), rather than ending it as under Linux. */
  readonly timeWaitIgnoresResets: boolean;
  /** Challenge ACKs that a host sends in a second, on average (RFC 5961 §7); 0 for no limit. */
  readonly challengeAckLimit: number;
  /** Retransmissions of data, R2 (RFC 9293 §3.8.3). */
  readonly retries: number;
  /** How long a connection without an owner stays in FIN-WAIT-2. */
  readonly finWait2: Duration;
  /** Send probes over an idle connection (RFC 9293 §3.8.4). */
  readonly keepAlive: boolean;
  readonly keepAliveIdle: Duration;
  readonly keepAliveInterval: Duration;
  readonly keepAliveProbes: number;
  /** How long sent data may stay unacknowledged before the connection ends; 0 for the limit of {@link retries}. */
  readonly userTimeout: Duration;
  readonly hopLimit: number;
  readonly trafficClass: number;
  /** TCP_CORK, TCP_QUICKACK, TCP_NOTSENT_LOWAT and SO_OOBINLINE of a new connection (connection-options.ts). */
  readonly cork: boolean;
  readonly quickAck: boolean;
  readonly notSentLimit: number;
  readonly urgentInline: boolean;
}

export const DEFAULT_SETTINGS: TcpSettings = {
  receiveBuffer: undefined,
  initialReceiveBuffer: 65_536,
  maximumReceiveBuffer: 6_291_456,
  sendBuffer: undefined,
  initialSendBuffer: 16_384,
  maximumSendBuffer: 4_194_304,
  windowScaling: true,
  windowScale: undefined,
  sack: true,
  timestamps: true,
  delayedAck: milliseconds(40), // MUST-40
  noDelay: false,
  maximumSegmentLifetime: seconds(30),
  initialWindow: 10, // RFC 6928 §2
  isnSeed: undefined,
  congestionControl: "cubic",
  ecn: "accept",
  maximumSegmentSize: 65_495,
  mtuProbing: "off",
  initialRto: seconds(1), // RFC 6298 (2.1)
  minimumRto: milliseconds(200), // RFC 6298 (2.4)
  maximumRto: minutes(2), // RFC 6298 (2.5)
  synRetries: 7, // MUST-23
  synAckRetries: 5,
  synBacklog: 1024,
  synCookies: "when-full",
  timeWaitReuse: "loopback",
  timeWaitIgnoresResets: false,
  challengeAckLimit: 1000,
  retries: 15, // SHLD-11: a quarter of an hour
  finWait2: minutes(1),
  keepAlive: false, // MUST-25
  keepAliveIdle: minutes(120), // MUST-28
  keepAliveInterval: seconds(75),
  keepAliveProbes: 9,
  userTimeout: 0 as Duration,
  hopLimit: 64,
  trafficClass: 0,
  cork: false,
  quickAck: false,
  notSentLimit: 2 ** 32 - 1,
  urgentInline: false,
};
