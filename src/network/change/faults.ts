import { isSame } from "../../base/plain-data.ts";
import type { Cable } from "../../link/cable.ts";
import type { Duration } from "../../time/instant.ts";
import type { FaultDocument } from "../document.ts";
import type { Network } from "../network.ts";

/** A fault of a document on the cable that it is of, and what takes it back. */
export interface PlannedFault {
  readonly document: Omit<FaultDocument, "cable">;
  readonly cable: Cable;
  readonly takeBack: () => void;
}

/** Takes back the faults that a new document does not have, and plans those that are new: what would have been is left out. */
export function changeFaults(
  network: Network,
  was: readonly PlannedFault[],
  is: readonly FaultDocument[],
  cables: readonly Cable[],
): PlannedFault[] {
  const left = [...was];
  const kept = is.map(({ cable: index, ...document }) => {
    const place = left.findIndex((each) => each.cable === cables[index] && isSame(each.document, document));
    return place < 0 ? undefined : left.splice(place, 1)[0];
  });
  for (const { takeBack } of left) takeBack();
  return is.flatMap(({ cable: index, ...document }, place) => {
    const cable = cables[index];
    if (cable === undefined) return [];
    return [kept[place] ?? { document, cable, takeBack: plan(network, cable, document) }];
  });
}

/** From now on: one that has begun already lasts for what is left of it, one that is over comes when it comes again. */
function plan(network: Network, cable: Cable, fault: Omit<FaultDocument, "cable">): () => void {
  const { now } = network;
  if (fault.at >= now) return network.faults.add({ cable, ...fault });
  const since = fault.every === undefined ? now - fault.at : (now - fault.at) % fault.every;
  const takesBack: (() => void)[] = [];
  if (fault.every !== undefined) {
    takesBack.push(network.faults.add({ cable, ...fault, at: (now - since + fault.every) as Duration }));
  }
  if (fault.for === undefined || since < fault.for) {
    const rest = fault.for === undefined ? undefined : ((fault.for - since) as Duration);
    takesBack.push(network.faults.add({ cable, ...fault, at: now as number as Duration, for: rest, every: undefined }));
  }
  return () => {
    for (const takeBack of takesBack) takeBack();
  };
}
