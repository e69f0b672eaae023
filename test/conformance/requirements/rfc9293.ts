import { numbered, type Row } from "./requirement.ts";

/** The numbered requirements of RFC 9293 (its appendix B), by subject. */

const PUSH: readonly Row[] = [
  ["MAY-16", "3.9.1.2", "Data that was not pushed may be gathered before it goes"],
  ["SHLD-27", "3.9.1.2", "Several pushes that go in one segment are one PSH bit"],
  [
    "MAY-15",
    "3.9.1.2",
    "A send call may take a push flag",
    { notDone: "the calls are BSD's, which have none; every write is pushed" },
  ],
  ["MUST-60", "3.9.1.2", "Without such a flag no data waits without end for more"],
  ["MUST-61", "3.9.1.2", "Without such a flag the last segment of what waits has PSH"],
  [
    "MAY-17",
    "3.9.1.3",
    "The program may be told of a PSH that came",
    { notDone: "a read returns what is there, pushed or not" },
  ],
  ["SHLD-28", "3.9.1.2", "Segments are as large as they may be"],
];

const WINDOW: readonly Row[] = [
  ["MUST-1", "3.1", "The window field has no sign"],
  ["REC-1", "3.1", "Windows are kept in at least 32 bits"],
  ["SHLD-14", "3.8.6", "The right edge of the window that is offered does not move left"],
  ["SHLD-15", "3.8.6", "Past the edge of a window that has shrunk nothing new is sent"],
  ["SHLD-16", "3.8.6", "What is unacknowledged and within the shrunk window goes again as usual"],
  ["SHLD-17", "3.8.6", "What lies past the shrunk window does not end the connection"],
  ["MUST-34", "3.8.6", "A shrinking window does no harm"],
  ["MAY-8", "3.8.6.1", "Our own window may stay closed as long as nobody reads"],
  ["MUST-35", "3.8.6.1", "A closed window is probed"],
  ["MUST-36", "3.8.6.1", "Probes go on while the window is closed, also when nothing was acknowledged"],
  ["SHLD-29", "3.8.6.1", "The first probe comes after one retransmission timeout"],
  ["SHLD-30", "3.8.6.1", "The pause between probes doubles"],
  ["MUST-37", "3.8.6.1", "A window may stay closed for ever as long as probes are answered"],
  [
    "MAY-7",
    "3.8.6",
    "What lies past the shrunk window may go again",
    { notDone: "it waits for the window, as in Linux; the probes see to it that it is heard of" },
  ],
  ["MUST-66", "3.4", "Resets, urgent pointers and acknowledgments count while our window is closed"],
];

const URGENT: readonly Row[] = [
  ["MUST-30", "3.8.5", "Urgent data can be sent and received"],
  ["MUST-62", "3.8.5", "The urgent pointer points behind the last urgent byte", { remark: "RFC 6093 §4" }],
  ["MUST-31", "3.8.5", "Urgent data may be of any length"],
  ["MUST-32", "3.8.5", "The program is told of urgent data when it comes, without reading"],
  ["MUST-33", "3.8.5", "The program can learn whether urgent data is ahead of what it reads"],
  ["SHLD-13", "3.8.5", "New programs leave urgent data alone", { abstention: "none of ours uses it" }],
];

const OPTIONS: readonly Row[] = [
  ["MUST-4", "3.1", "End of list, no operation and segment size are understood"],
  ["MUST-5", "3.1", "Options are taken from any segment"],
  ["MUST-6", "3.1", "Unknown options are passed over"],
  ["MUST-68", "3.1", "Every option but the first two has a length"],
  ["MUST-7", "3.1", "An option whose length cannot be does no harm"],
  ["MUST-64", "3.2", "An option may begin at any byte"],
  ["MUST-14", "3.7.1", "The segment size option is sent and read"],
  ["SHLD-5", "3.7.1", "It is sent in every SYN unless it would say the default"],
  ["MAY-3", "3.7.1", "It may be sent always"],
  [
    "MUST-15",
    "3.7.1",
    "Without it segments carry 536 bytes at most, over IPv6 1,220",
    { remark: "IPv6 is not there yet" },
  ],
  ["MUST-16", "3.7.1", "Segments fit what the peer takes, less the options, and what the path carries"],
  ["SHLD-6", "3.7.3", "The size follows a path whose MTU changes"],
  ["MUST-65", "3.2", "The segment size option stands in SYNs only"],
  ["MUST-67", "3.7.1", "The size that is offered is what IP can receive less the header without options"],
  ["MUST-69", "3.1", "What is left of the header after the options is zero"],
];

const CHECKSUM: readonly Row[] = [
  ["MUST-2", "3.1", "Every segment that is sent has its checksum"],
  ["MUST-3", "3.1", "Every segment that comes is checked against it"],
];

const INITIAL_SEQUENCE: readonly Row[] = [
  ["MUST-8", "3.4.1", "A clock moves the initial sequence number on"],
  ["SHLD-1", "3.4.1", "A keyed hash of the connection's ends is added"],
  ["MUST-9", "3.4.1", "Nobody outside can compute that hash"],
];

const OPENING: readonly Row[] = [
  ["MUST-10", "3.5", "Two ends that open towards each other get one connection"],
  ["MUST-11", "3.5", "In SYN-RECEIVED it is known whether LISTEN or SYN-SENT came before"],
  ["MUST-41", "3.9.1.1", "Listening leaves existing connections alone"],
  ["MUST-42", "3.9.1.1", "A port may be listened on while connections of that port are open or begin"],
  ["MUST-44", "3.9.1.1", "Without a local address that of the route is taken"],
  ["MUST-45", "3.9.1.1", "The local address then stays that of the connection"],
  ["MUST-46", "3.9.1.1", "Nothing is opened to a broadcast or multicast address"],
  ["MUST-43", "3.9.1.1", "The program may choose the local address"],
  ["MUST-63", "3.9.2.3", "A SYN from an address that is no host's is dropped"],
  ["MUST-57", "3.9.2.3", "A segment to a broadcast or multicast address is dropped silently"],
];

const CLOSING: readonly Row[] = [
  ["SHLD-2", "3.5.3", "A reset may carry data"],
  ["MUST-12", "3.6", "The program is told when its connection was reset"],
  ["MAY-1", "3.6.1", "Closing may end both directions"],
  ["SHLD-3", "3.6.1", "Who closes with data unread or to come resets, so that the loss is known"],
  ["MUST-13", "3.6.1", "The end that closed first waits two maximum segment lifetimes"],
  ["MAY-2", "3.6.1", "A new SYN may end that wait"],
  ["SHLD-4", "3.6.1", "Timestamps decide whether it does"],
];

const RETRANSMISSION: readonly Row[] = [
  ["MUST-19", "3.8.2", "Slow start, congestion avoidance and a timeout that doubles"],
  [
    "MAY-4",
    "3.8.1",
    "A segment that goes again may have the same IP identification",
    { notDone: "every datagram has its own, as RFC 6864 §4.2 prefers" },
  ],
  ["MUST-18", "3.8.1", "A round trip is not measured on what was sent twice"],
  ["SHLD-8", "3.8.2", "Explicit congestion notification"],
  ["MAY-18", "3.8.2", "Other ways of congestion control that keep to the rules"],
];

const ACKNOWLEDGMENT: readonly Row[] = [
  ["MUST-58", "3.10.7.4", "One acknowledgment answers several segments where it can"],
  ["SHLD-31", "3.10.7.4", "Data beyond a gap is kept"],
  ["MUST-59", "3.10.7.4", "All that waits is taken in before the acknowledgment goes"],
  ["MAY-13", "3.10.7.4", "Data beyond a gap is acknowledged at once"],
  ["SHLD-18", "3.8.6.3", "Acknowledgments wait a little for company"],
  ["MUST-40", "3.8.6.3", "They wait less than half a second"],
  ["SHLD-19", "3.8.6.3", "Every second full-sized segment is acknowledged at once"],
  ["MUST-39", "3.8.6.2.2", "The receiver offers no silly windows"],
];

const SENDING: readonly Row[] = [
  ["MUST-49", "3.9.2", "The time to live can be set"],
  ["MUST-38", "3.8.6.2.1", "The sender sends no silly segments"],
  ["SHLD-7", "3.7.4", "Nagle's rule holds small segments back"],
  ["MUST-17", "3.7.4", "The program can switch it off"],
];

const FAILURE: readonly Row[] = [
  [
    "MUST-20",
    "3.8.3",
    "After R1 repetitions the layer below is told that its path may be dead; after R2 the connection ends",
  ],
  ["MUST-21", "3.8.3", "The program can set R2"],
  ["SHLD-9", "3.8.3", "The program can learn that R1 was passed"],
  ["SHLD-10", "3.8.3", "R1 is at least three repetitions"],
  ["SHLD-11", "3.8.3", "R2 is at least 100 seconds"],
  ["MUST-22", "3.8.3", "The same holds for SYNs"],
  ["MUST-23", "3.8.3", "R2 of a SYN is at least three minutes"],
];

const KEEPALIVE: readonly Row[] = [
  ["MAY-5", "3.8.4", "Idle connections may be probed"],
  ["MUST-24", "3.8.4", "The program can ask for that"],
  ["MUST-25", "3.8.4", "Unasked it is off"],
  ["MUST-26", "3.8.4", "Probes go only when nothing came for an interval"],
  ["MUST-27", "3.8.4", "The interval can be set"],
  ["MUST-28", "3.8.4", "Unset it is two hours at least"],
  ["MUST-29", "3.8.4", "A probe that is not answered is not yet a dead connection"],
  ["SHLD-12", "3.8.4", "Probes carry no data"],
  [
    "MAY-6",
    "3.8.4",
    "Probes may carry one byte, for peers that need it",
    { notDone: "no peer of today needs it; Linux sends none" },
  ],
];

const SOURCE_ROUTES =
  "source routes are dropped on the way of today's networks (RFC 7126 §4.3, §4.4), and Linux refuses them";
const IP_OPTIONS: readonly Row[] = [
  ["MUST-50", "3.9.2", "IP options that TCP does not know are passed over"],
  ["MAY-10", "3.9.2", "IP timestamps", { notDone: "RFC 7126 §4.7: routers drop them" }],
  ["MAY-11", "3.9.2", "Record route", { notDone: "RFC 7126 §4.6: routers drop it" }],
  ["MUST-51", "3.9.2.1", "The program can give a source route", { notDone: SOURCE_ROUTES }],
  ["MUST-52", "3.9.2.1", "It comes before one in a datagram that came", { notDone: SOURCE_ROUTES }],
  ["MUST-53", "3.9.2.1", "A source route that came is answered along its reverse", { notDone: SOURCE_ROUTES }],
  ["SHLD-24", "3.9.2.1", "A later one takes its place", { notDone: SOURCE_ROUTES }],
];

const ICMP: readonly Row[] = [
  ["MUST-54", "3.9.2.2", "ICMP errors reach the connection that they are about"],
  [
    "SHLD-25",
    "3.9.2.2",
    "An unreachable net or host, or a failed source route, is told to the program",
    { remark: "as the error of a connection that then times out, as in Linux" },
  ],
  ["MUST-56", "3.9.2.2", "These, time exceeded and parameter problem do not end a connection"],
  [
    "SHLD-26",
    "3.9.2.2",
    "An unreachable protocol or port, or a need to fragment, ends it",
    {
      remark:
        "an attempt ends; an open connection does not, as RFC 5927 §5.2 advises and Linux does, for anyone can forge it",
    },
  ],
  [
    "MUST-55",
    "3.9.2.2",
    "Source quench is dropped silently",
    {
      without: {
        file: "src/internet/icmpv4/icmp.ts",
        find: "this.counters.sourceQuenchesReceived++;",
        put: "view.setUint8(start, ICMP_UNREACHABLE); return this.#errorReceived(packet, nic);",
      },
    },
  ],
];

const INTERFACE: readonly Row[] = [
  ["MUST-47", "3.9.1.8", "There is a way to report errors to the program"],
  [
    "SHLD-20",
    "3.9.1.8",
    "The program can leave them aside",
    { remark: "they are told when it asks, by SO_ERROR or the next call" },
  ],
  ["MUST-48", "3.9.1.9", "The program can set the Diffserv field"],
  ["SHLD-22", "3.9.1.9", "It reaches IP unchanged"],
  ["SHLD-21", "3.9.1.9", "It can be changed while the connection is open"],
  ["SHLD-23", "3.9.1.9", "Programs rarely change it", { abstention: "none of ours does" }],
  ["MAY-9", "3.9.1.9", "The field that came may be told to the program", { notDone: "no call asks for it" }],
  ["MAY-14", "3.9.1.7", "There may be a call to flush", { notDone: "BSD's calls have none" }],
  ["MAY-12", "3.10.7.4", "Acknowledgments too far back or ahead are answered by a challenge (RFC 5961 §5)"],
];

export const SUBJECTS: Readonly<Record<string, readonly Row[]>> = {
  "PSH and segment size": PUSH,
  Window: WINDOW,
  "Urgent data": URGENT,
  Options: OPTIONS,
  Checksum: CHECKSUM,
  "Initial sequence numbers": INITIAL_SEQUENCE,
  Opening: OPENING,
  Closing: CLOSING,
  Retransmission: RETRANSMISSION,
  Acknowledgment: ACKNOWLEDGMENT,
  Sending: SENDING,
  "Failing connections": FAILURE,
  Keepalive: KEEPALIVE,
  "IP options": IP_OPTIONS,
  "ICMP messages": ICMP,
  "The program's side": INTERFACE,
};

export const RFC_9293 = Object.entries(SUBJECTS).map(([subject, rows]) => ({
  title: subject,
  requirements: numbered("RFC 9293", rows),
}));
