/**
 * Why a packet died. Every drop has one of these codes, which a tap sees, a counter counts and a capture's comment
 * prints. Add a code rather than bend the meaning of another.
 */
export type DropReason =
  // link
  | "cable-cut"
  | "cable-loss"
  | "no-carrier"
  | "nic-down"
  | "queue-full"
  | "frame-too-long"
  | "fcs-error"
  | "frame-malformed"
  | "not-for-us"
  | "same-port"
  | "unknown-ethertype"
  // neighbours
  | "arp-malformed"
  | "neighbor-queue-full"
  | "neighbor-unresolved"
  // internet
  | "ip-malformed"
  | "ip-checksum"
  | "ip-not-local"
  | "ip-martian-source"
  | "ip-loopback-from-wire"
  | "ip-ttl-expired"
  | "ip-no-route"
  | "ip-fragmentation-needed"
  | "ip-fragment-malformed"
  | "ip-fragment-overlap"
  | "ip-reassembly-timeout"
  | "ip-reassembly-full"
  | "ip-broadcast-not-forwarded"
  | "ip-unknown-protocol"
  | "ip-source-route"
  | "icmp-malformed"
  | "icmp-checksum"
  | "icmp-ignored"
  // transport
  | "udp-malformed"
  | "udp-checksum"
  | "udp-no-socket"
  | "udp-receive-full"
  | "tcp-malformed"
  | "tcp-checksum"
  | "tcp-no-connection"
  | "tcp-not-unicast"
  | "tcp-backlog-full"
  | "tcp-unacceptable-sequence"
  | "tcp-unacceptable-ack"
  | "tcp-old-timestamp"
  | "tcp-no-ack"
  | "tcp-reset-ignored"
  | "tcp-syn-in-window"
  | "tcp-closed-for-receive"
  | "tcp-bad-state"
  // faults by rule
  | "fault-rule"
  // the outside
  | "door-closed";
