import type {
  DatagramDissector,
  Message,
  StreamConversation,
  StreamDissector,
} from "../../../capture/dissect/dissector.ts";
import { DNS_PORT } from "../message.ts";
import { DNS_FIELDS } from "./fields.ts";
import { dissectMessage } from "./message.ts";
import { FrameTies, type MessageTies, Transactions } from "./transactions.ts";

const LENGTH = 2;

export const dnsDatagrams: DatagramDissector = {
  protocol: "dns",
  fields: DNS_FIELDS,
  ports: [DNS_PORT],
  dissect(bytes, context, tree) {
    const ties = context.memory.get("dns") as FrameTies | undefined;
    if (context.first) {
      const noted = ties ?? new FrameTies();
      if (ties === undefined) context.memory.set("dns", noted);
      noted.note(bytes, context.number, context.time);
    } else {
      dissectMessage(bytes, 0, ties?.of(context.number) ?? {}, tree);
    }
    return true;
  },
};

/** Each message has its length in front (RFC 1035 §4.2.2). */
export const dnsStream: StreamDissector = {
  protocol: "dns",
  fields: DNS_FIELDS,
  ports: [DNS_PORT],
  sized: true,
  converse: () => new DnsConversation(),
  dissect: (bytes, about, tree) => dissectMessage(bytes, LENGTH, about as MessageTies, tree),
};

class DnsConversation implements StreamConversation {
  readonly #transactions = new Transactions();

  cut(_: 0 | 1, bytes: Uint8Array, __: boolean, number: number, time: number): Message | undefined {
    if (bytes.length < LENGTH) return undefined;
    const length = LENGTH + (((bytes[0] as number) << 8) | (bytes[1] as number));
    if (bytes.length < length) return undefined;
    return { length, about: this.#transactions.tie(bytes.subarray(LENGTH, length), number, time) };
  }
}
