/** Lists of packets over an event log: what they show, what is asked of their rows, and what becomes of them. */
export { type CopyForm, copyOf } from "./copy.ts";
export { pathOf } from "./detail.ts";
export { PcapngExport } from "./export.ts";
export { Search, type Wanted } from "./find.ts";
export { follow } from "./follow.ts";
export type { NicPlace, NicPlaces } from "./nic-places.ts";
export { PacketView, type PacketViewOptions, ROWS_LIMIT } from "./packet-view.ts";
export { sequenceOf } from "./sequence.ts";
