import type { PacketRow } from "../../../src/engine/protocol/index.ts";

export type Column = "number" | "time" | "source" | "destination" | "protocol" | "length" | "info" | "where";

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;

/** Wireshark's names of protocols in the list, where they are not its name in filters in capitals. */
const NAMES: Readonly<Record<string, string>> = { "TLSv1.2": "tls", "TLSv1.3": "tls", IPv4: "ip" };

function address(text: string, side: "src" | "dst"): string | undefined {
  if (IPV4.test(text)) return `ip.${side} == ${text}`;
  return MAC.test(text) ? `eth.${side} == ${text.toLowerCase()}` : undefined;
}

/** A filter for what stands in a cell; undefined where a cell says nothing that one could ask for. */
export function columnFilter(row: PacketRow, column: Column): string | undefined {
  if (column === "source") return address(row.source, "src");
  if (column === "destination") return address(row.destination, "dst");
  if (column === "length") return `frame.len == ${row.length}`;
  if (column === "number") return `frame.number == ${row.number}`;
  if (column === "protocol") {
    const name = NAMES[row.protocol] ?? row.protocol.toLowerCase();
    return /^[a-z][a-z0-9_.-]*$/.test(name) ? name : undefined;
  }
  return undefined;
}

/** What copying a cell gives. */
export function cellText(row: PacketRow, column: Column): string {
  const texts: Readonly<Record<Column, string>> = {
    number: String(row.number),
    time: String(row.time / 1e9),
    source: row.source,
    destination: row.destination,
    protocol: row.protocol,
    length: String(row.length),
    info: row.info,
    where: row.nic,
  };
  return texts[column];
}
