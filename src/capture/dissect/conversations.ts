import type { IpAddress } from "../../address/ip.ts";
import { IntList } from "./int-list.ts";

/** Two ends that talk, as a capture shows them: what one `tcp.stream` or `udp.stream` is. */
export class Conversation {
  /** Its place among all. */
  readonly id: number;
  readonly protocol: "tcp" | "udp";
  /** Its place among those of its protocol: `tcp.stream`. */
  readonly stream: number;
  /** The interface it is kept for, or −1 when it is seen as one wherever. */
  readonly link: number;
  /** The sender of its first frame. */
  readonly address: IpAddress;
  readonly port: number;
  readonly peerAddress: IpAddress;
  readonly peerPort: number;
  /** The numbers of its frames, in order. */
  readonly frames = new IntList();
  /** The last frame that has to do with it: one of its own, or an ICMP error about one; 0 for none. */
  last = 0;
  /** Nanoseconds: of its first frame and its last. */
  begins = 0;
  ends = 0;
  /** Octets of frames. */
  bytes = 0;

  constructor(id: number, stream: number, key: ConversationKey) {
    this.id = id;
    this.stream = stream;
    this.protocol = key.protocol;
    this.link = key.link;
    this.address = key.source;
    this.port = key.sourcePort;
    this.peerAddress = key.destination;
    this.peerPort = key.destinationPort;
  }

  /** 0 for what goes from the sender of the first frame, 1 for what comes back. */
  directionOf(key: ConversationKey): 0 | 1 {
    return this.address === key.source && this.port === key.sourcePort ? 0 : 1;
  }
}

export interface ConversationKey {
  readonly protocol: "tcp" | "udp";
  readonly link: number;
  readonly source: IpAddress;
  readonly sourcePort: number;
  readonly destination: IpAddress;
  readonly destinationPort: number;
}

/** Finds conversations by addresses and ports, either way round. */
export class Conversations {
  readonly all: Conversation[] = [];
  readonly #streams = { tcp: 0, udp: 0 };
  /** Open addressing: indexes of {@link all} plus 1. */
  #slots = new Int32Array(256);

  find(key: ConversationKey): Conversation | undefined {
    const slots = this.#slots;
    for (let at = hash(key) & (slots.length - 1); ; at = (at + 1) & (slots.length - 1)) {
      const slot = slots[at] as number;
      if (slot === 0) return undefined;
      const found = this.all[slot - 1] as Conversation;
      if (isOf(found, key)) return found;
    }
  }

  /** Begins one, which is what its key finds from here on. */
  begin(key: ConversationKey): Conversation {
    const conversation = new Conversation(this.all.length, this.#streams[key.protocol]++, key);
    this.all.push(conversation);
    if (this.all.length * 2 > this.#slots.length) this.#grow();
    else this.#insert(this.#slots, conversation);
    return conversation;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (const conversation of this.all) this.#insert(this.#slots, conversation);
  }

  #insert(slots: Int32Array, conversation: Conversation): void {
    const key = keyOf(conversation);
    let at = hash(key) & (slots.length - 1);
    for (; slots[at] !== 0; at = (at + 1) & (slots.length - 1)) {
      if (isOf(this.all[(slots[at] as number) - 1] as Conversation, key)) break; // its successor
    }
    slots[at] = conversation.id + 1;
  }
}

function isOf(conversation: Conversation, key: ConversationKey): boolean {
  if (conversation.protocol !== key.protocol || conversation.link !== key.link) return false;
  const { address, port, peerAddress, peerPort } = conversation;
  const { source, sourcePort, destination, destinationPort } = key;
  if (address === source && port === sourcePort) return peerAddress === destination && peerPort === destinationPort;
  return address === destination && port === destinationPort && peerAddress === source && peerPort === sourcePort;
}

const keyOf = (conversation: Conversation): ConversationKey => ({
  protocol: conversation.protocol,
  link: conversation.link,
  source: conversation.address,
  sourcePort: conversation.port,
  destination: conversation.peerAddress,
  destinationPort: conversation.peerPort,
});

/** The same for both directions. */
function hash(key: ConversationKey): number {
  const one = Math.imul(key.source ^ Math.imul(key.sourcePort, 0x9e3779b1), 0x85ebca6b);
  const other = Math.imul(key.destination ^ Math.imul(key.destinationPort, 0x9e3779b1), 0x85ebca6b);
  const both = (one + other + key.link * 0x27d4eb2f + (key.protocol === "tcp" ? 0x165667b1 : 0)) | 0;
  return both ^ (both >>> 15);
}
