/**
 * All that packets are looked at with: lists, filters, dissection, export. The engine takes it from here, so that where it has to be
 * small a build can put a module in the place of this one that brings it later.
 */
export { readFilter } from "../capture/filter/display-filter.ts";
export { copyOf } from "../capture/view/copy.ts";
export { PcapngExport } from "../capture/view/export.ts";
export { Search } from "../capture/view/find.ts";
export { follow } from "../capture/view/follow.ts";
export { PacketView } from "../capture/view/packet-view.ts";
export { sequenceOf } from "../capture/view/sequence.ts";
export { networkDissectors } from "../network/dissectors.ts";
