/** In the place of engine/analysis.ts in a Worker: the same, once it has been loaded. */
import type * as Analysis from "../../../../engine/analysis.ts";

export let readFilter: typeof Analysis.readFilter;
export let copyOf: typeof Analysis.copyOf;
export let PcapngExport: typeof Analysis.PcapngExport;
export let Search: typeof Analysis.Search;
export let follow: typeof Analysis.follow;
export let PacketView: typeof Analysis.PacketView;
export let sequenceOf: typeof Analysis.sequenceOf;
export let networkDissectors: typeof Analysis.networkDissectors;

export async function loadAnalysis(): Promise<void> {
  const loaded = await import("../../../../engine/analysis.ts");
  ({ readFilter, copyOf, PcapngExport, Search, follow, PacketView, sequenceOf, networkDissectors } = loaded);
}
