import { bySection, type Requirement, type Row } from "./requirement.ts";

/** The main clauses of the other documents that our TCP follows. */

interface Document {
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

const document = (name: string, about: string, rows: readonly Row[]): Document => ({
  title: `${name}: ${about}`,
  requirements: bySection(name, rows),
});

const OPTIONS: readonly Document[] = [
  document("RFC 2018", "selective acknowledgment", [
    ["", "2", "Both SYNs have to permit it"],
    ["", "3", "Blocks that came beyond a gap are told by their edges"],
    ["", "4", "The block with the latest segment comes first, and earlier ones are repeated while there is room"],
    ["", "5", "What was acknowledged selectively is not sent again, and kept until the acknowledgment passes it"],
    ["", "8", "What a peer reported and then forgot is sent again"],
  ]),
  document("RFC 2883", "duplicate selective acknowledgment", [
    ["", "4", "The first block tells what came twice, once"],
    ["", "4.1", "What lies before the acknowledgment is told so too"],
  ]),
  document("RFC 7323", "window scale, timestamps, PAWS", [
    ["", "2.2", "The scale is offered in SYNs only, holds when both offer it, and never for a SYN's own window"],
    ["", "2.3", "A shift above 14 is taken for 14; windows are shifted both ways"],
    ["", "3.2", "Timestamps are offered in the SYN and then stand in every segment"],
    ["", "4.1", "Their echo measures round trips, also of what was sent twice"],
    ["", "4.3", "The echo is that of the segment at the left edge of the last acknowledgment"],
    ["", "5.3", "An older timestamp is no acceptable segment's (PAWS)"],
    ["", "5.4", "The clock ticks each millisecond"],
    ["", "5.5", "A connection idle for 24 days trusts the next timestamp"],
    ["", "7.1", "Each pair of hosts has an offset of its own"],
  ]),
  document("RFC 6093", "urgent data", [
    ["", "2.1", "The urgent pointer marks a point in the stream"],
    ["", "4", "and points to the byte after"],
  ]),
  document("RFC 5482", "user timeout", [["", "3", "The program sets how long data may stay unacknowledged"]]),
];

const RECOVERY: readonly Document[] = [
  document("RFC 6298", "retransmission timer", [
    ["(2.1)", "2", "One second before the first round trip is known"],
    ["(2.2)", "2", "The first round trip sets the mean, and half of it the variation"],
    ["(2.3)", "2", "Each further one moves both a little"],
    [
      "(2.4)",
      "2",
      "A second at least",
      { remark: "200 ms, as Linux: the time-out of the mean plus that much, RFC 8961 allows it" },
    ],
    ["(2.5)", "2", "Two minutes at most"],
    ["(5.1)", "5", "It runs while anything is unacknowledged"],
    ["(5.2)", "5", "It stops when all is"],
    ["(5.3)", "5", "It starts anew when something is"],
    ["(5.4)", "5", "Expired, the earliest segment goes again"],
    ["(5.5)", "5", "and the timeout doubles"],
    ["(5.7)", "5", "After a SYN that went twice data begins with three seconds"],
  ]),
  document("RFC 5681", "congestion control", [
    [
      "",
      "3.1",
      "Slow start below the threshold, a segment each round trip above it; a timeout goes back to one segment",
    ],
    ["", "3.2", "Three duplicates send the first segment again"],
    ["", "4.1", "After a long pause the window begins anew"],
    ["", "4.2", "What is out of order or fills a gap is acknowledged at once"],
  ]),
  document("RFC 6582", "NewReno, without SACK", [["", "3.2", "A partial acknowledgment sends the next lost segment"]]),
  document("RFC 3465", "counting bytes", [
    ["", "2.1", "In congestion avoidance the window grows by the bytes acknowledged"],
    ["", "2.2", "In slow start by two segments an acknowledgment at most"],
  ]),
  document("RFC 6675", "recovery by SACK", [
    ["", "4", "The scoreboard knows what was acknowledged, lost and sent again"],
    ["", "5", "Recovery sends what is lost first, then what is new, as the pipe drains"],
  ]),
  document("RFC 8985", "RACK-TLP", [
    ["", "6.1", "Each sending has its time"],
    ["", "6.2", "What was sent well before the latest delivered is lost; the margin adapts to reordering"],
    ["", "6.3", "On a timeout only what was sent long enough ago is lost"],
    ["", "7.2", "A probe is due two round trips after the last data"],
    ["", "7.3", "It carries new data, or the last segment once more"],
    ["", "7.4", "A loss that the probe repaired still slows down"],
  ]),
  document("RFC 9937", "proportional rate reduction", [
    ["", "6", "In recovery what is sent is in proportion to what is delivered"],
  ]),
  document("RFC 5682", "F-RTO", [["", "3.1", "A timeout that acknowledgments of first sendings follow was needless"]]),
  document("RFC 3042", "limited transmit", [["", "2", "Each of the first two duplicates lets a new segment out"]]),
  document("RFC 3168", "explicit congestion notification", [
    ["", "6.1.1", "Both SYNs agree on it"],
    ["", "6.1.2", "The sender slows down once a round trip and says so by CWR"],
    ["", "6.1.3", "The receiver echoes a mark until it sees CWR"],
    ["", "6.1.4", "Bare acknowledgments are not marked as capable"],
    ["", "6.1.5", "What goes again is not marked as capable"],
    ["", "6.1.6", "Nor are window probes"],
  ]),
];

const CONGESTION: readonly Document[] = [
  document("RFC 9438", "CUBIC", [
    ["", "4.2", "The window follows a cubic function of the time since the last reduction"],
    ["", "4.3", "It is never less than Reno's would be"],
    ["", "4.6", "A loss leaves 0.7 of the window"],
    ["", "4.7", "Flows that lose early make room for new ones"],
    ["", "4.8", "After a timeout slow start goes to the reduced threshold"],
    ["", "4.9", "A reduction that was needless is taken back"],
    ["", "4.10", "Slow start is HyStart++"],
  ]),
  document("RFC 9406", "HyStart++", [["", "4.2", "Round trips that grow end slow start, by way of a slower one"]]),
  document("RFC 6928", "initial window", [["", "2", "Ten segments; one after a SYN was lost"]]),
  document("RFC 2861", "window validation", [
    ["", "3", "A window that was not used does not grow, and one that was idle shrinks"],
  ]),
];

const DEFENCE: readonly Document[] = [
  document("RFC 5961", "blind attacks", [
    ["", "3.2", "Only a reset of exactly the next number counts; others in the window are challenged"],
    ["", "4.2", "A SYN on an open connection is challenged"],
    ["", "5.2", "So is an acknowledgment that is too old or too new"],
    ["", "7", "Challenges have a limited rate"],
  ]),
  document("RFC 6528", "initial sequence numbers", [["", "3", "A clock plus a keyed hash of the ends"]]),
  document("RFC 4987", "SYN flooding", [
    ["", "3.6", "When the backlog is full, the SYN-ACK's number keeps what is needed"],
  ]),
  document("RFC 6191", "reuse of TIME-WAIT", [["", "2", "A later timestamp, or number, opens it anew"]]),
  document("RFC 6056", "ports", [
    ["", "3.2", "Ephemeral ports come from a wide range"],
    ["", "3.3", "and are hard to guess"],
  ]),
  document("RFC 5927", "ICMP attacks", [
    ["", "4.1", "An ICMP error must quote a number that is under way"],
    ["", "5.2", "None ends an open connection"],
    ["", "7", "A packet too big must be larger than what was acknowledged, and quote data"],
  ]),
  document("RFC 5461", "soft errors", [["", "4.1", "An attempt ends at the first of them"]]),
];

const PATH: readonly Document[] = [
  document("RFC 1191", "path MTU", [["", "6.4", "What was too big goes again in segments that fit"]]),
  document("RFC 4821", "path MTU without ICMP", [
    ["", "7.3", "Probes look for what the path carries, between what works and what may"],
    ["", "7.7", "A path that swallows large packets is noticed by its timeouts"],
  ]),
  document("RFC 1122", "hosts", [["", "4.2.2.13", "Data for a closed connection is answered by a reset"]]),
];

export const OTHERS: readonly Document[] = [...OPTIONS, ...RECOVERY, ...CONGESTION, ...DEFENCE, ...PATH];
