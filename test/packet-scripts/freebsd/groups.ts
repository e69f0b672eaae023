/** Scripts of the FreeBSD suite that we do not answer for, by groups, and why. Every pattern is of the script's path. */
export interface Group {
  readonly name: string;
  readonly pattern: RegExp;
  /** The clause by which Linux and we do otherwise, or what the issue leaves out. */
  readonly clause: string;
  readonly why: string;
}

/** What is not asked of us yet, or not of TCP over IPv4. */
export const LEFT_OUT: readonly Group[] = [
  {
    name: "IPv6",
    pattern: /ipv6/,
    clause: "RFC 8200",
    why: "there is no IPv6 yet; the same behaviour is run over IPv4",
  },
  {
    name: "TCP over UDP",
    pattern: /^tcp-over-udp\/|setsockopt-tos-active-ipv4/,
    clause: "draft-cheshire-tcp-over-udp",
    why: "an experiment that only FreeBSD has",
  },
  {
    name: "Fast Open",
    pattern: /^fast-open\//,
    clause: "RFC 7413",
    why: "an experimental RFC that we do not do; the option is passed over as an unknown one (MUST-6)",
  },
];

/** What FreeBSD expects and Linux does not share. */
export const NOT_SHARED: readonly Group[] = [
  {
    name: "CLOSING is entered by the FIN again",
    pattern: /-closing-|\/closing-/,
    clause: "RFC 9293 §3.10.7.4, eighth",
    why: "FreeBSD acknowledges a FIN by its own once more; a bare acknowledgment of SND.NXT is asked for",
  },
  {
    name: "any RST within the window resets",
    pattern: /rcv-rst-[a-z0-9-]+-insecure-ipv4/,
    clause: "RFC 5961 §3.2",
    why: "`insecure_rst` takes a reset anywhere in the window; only one of exactly RCV.NXT counts",
  },
  {
    name: "any SYN within the window resets",
    pattern: /rcv-syn-[a-z0-9-]+-insecure-ipv4/,
    clause: "RFC 5961 §4.2",
    why: "`insecure_syn` resets the connection; a challenge ACK goes out instead",
  },
  {
    name: "a window of more than was offered",
    pattern: /rcv-rst-[a-z0-9-]+-right-edge(?:-ack-[a-z-]+)?-secure-ipv4/,
    clause: "RFC 9293 §3.10.7.4, table 6",
    why: "the reset lies 65,700 bytes on, past the 65,535 that the unscaled field can offer: it is outside and dropped",
  },
  {
    name: "FIN without ACK in TIME-WAIT",
    pattern: /rcv-fin-time-wait-using-shutdown-(?:outside-left|outside-right|right-edge)-ipv4/,
    clause: "RFC 9293 §3.10.7.4, first",
    why: "its number is not acceptable, which is answered before the ACK bit is looked at; FreeBSD is silent",
  },
  {
    name: "every second segment is acknowledged however small",
    pattern: /reordering-(?:12\d{3}|23145)\.pkt/,
    clause: "RFC 9293 §3.8.6.3 (SHLD-19)",
    why: "segments of a few bytes: at once is for a second full-sized one, or twice that many bytes",
  },
  {
    name: "the SYN goes again 2.2 s after the first repetition",
    pattern: /snd-syn\/snd-syn-(?:rtx|with|without)/,
    clause: "RFC 6298 §5 (5.5)",
    why: "FreeBSD adds a slop of 0.2 s to the doubled second",
  },
  {
    name: "SYN with FIN is dropped",
    pattern: /syn-fin-[a-z-]*dropping-enabled/,
    clause: "RFC 9293 §3.10.7.3, fourth",
    why: "`drop_synfin` is FreeBSD's; the SYN is taken",
  },
  {
    name: "SYN-ACK with data for a listener is dropped",
    pattern: /rcv-syn-ack-with-data-listen/,
    clause: "RFC 9293 §3.10.7.2, second",
    why: "an acknowledgment to a listener is reset, with data or without",
  },
  {
    name: "communication prohibited as ECONNREFUSED",
    pattern: /rcv-icmp-hard-error-(?:net|host)-prohibited-ipv4/,
    clause: "RFC 1122 §3.2.2.1",
    why: "the RFC names no errno; Linux says ENETUNREACH and EHOSTUNREACH",
  },
  {
    name: "a reset from a closed port has the bound socket's type of service",
    pattern: /setsockopt-tos-passive-ipv4/,
    clause: "RFC 9293 §3.10.7.1",
    why: "a port that nobody listens on is CLOSED: no socket's options are its own",
  },
];
