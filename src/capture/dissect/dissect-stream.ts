import type { Conversation } from "./conversations.ts";
import { dataLayer } from "./data-layer.ts";
import type { Scene } from "./dissect-datagram.ts";
import { Notes } from "./frame-table.ts";
import type { Headers } from "./headers.ts";
import { tcpFields } from "./tcp-fields.ts";
import type { TcpPart } from "./tcp-layer.ts";

/** The data of a segment: closes TCP's part of the tree, and shows the messages that end in it. */
export function dissectStream(
  { tree, number, pass, quoted }: Scene,
  _conversation: Conversation | undefined,
  _headers: Headers | undefined,
  part: TcpPart,
  bytes: Uint8Array,
): void {
  if (bytes.length === 0) {
    tree.close();
    return;
  }
  const base = tree.base;
  const at = part.start - base;
  const count = `${bytes.length} byte${bytes.length === 1 ? "" : "s"}`;
  tree.add(tcpFields.payload, at, bytes.length, bytes, `TCP payload (${count})`);
  const again = ((pass.table.notes[number] ?? 0) & (Notes.retransmission | Notes.spuriousRetransmission)) !== 0;
  if (again && !quoted) {
    tree.add(tcpFields.segmentData, at, bytes.length, bytes, `Retransmitted TCP segment data (${count})`);
    tree.close();
    return;
  }
  tree.close();
  tree.rebase(part.start);
  dataLayer(tree, bytes);
  tree.rebase(base);
}
