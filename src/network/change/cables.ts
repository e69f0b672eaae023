import { isSame } from "../../base/plain-data.ts";
import type { Cable } from "../../link/cable.ts";
import { type CableConditions, IDEAL } from "../../link/conditions.ts";
import type { Nic } from "../../link/nic.ts";
import { QUEUE_LIMIT } from "../../link/transmit-queue.ts";
import { addCable, endName } from "../build.ts";
import type { CableDocument, CableEnd } from "../document.ts";
import type { Network } from "../network.ts";

/** A cable of a document, and the one that it is. */
export interface LaidCable {
  readonly document: CableDocument;
  readonly cable: Cable;
}

/**
 * Which of the cables that there are a new document still has, by its own order; undefined for one that is new. A cable is the same
 * when it joins the same two ports; where the document leaves the choice of one, whichever it had is right.
 */
export function matched(laid: readonly LaidCable[], next: readonly CableDocument[]): (LaidCable | undefined)[] {
  const left = new Map<string, LaidCable[]>();
  for (const each of laid) {
    const key = keyOf(each.cable.a.device, each.cable.b.device);
    const same = left.get(key);
    if (same === undefined) left.set(key, [each]);
    else same.push(each);
  }
  const found: (LaidCable | undefined)[] = next.map(() => undefined);
  const take = (fits: (nic: Nic, end: CableEnd) => boolean): void => {
    next.forEach((document, index) => {
      if (found[index] !== undefined) return;
      const candidates = left.get(keyOf(document.a.device, document.b.device)) ?? [];
      const place = candidates.findIndex(
        ({ cable, document: was }) =>
          !cable.gone &&
          fits(cable.a, document.a) &&
          fits(cable.b, document.b) &&
          isSame(was.offload, document.offload),
      );
      if (place >= 0) [found[index]] = candidates.splice(place, 1);
    });
  };
  take((nic, end) => nic.name === end.port);
  take((nic, end) => nic.name === end.port || (end.chosen === true && isNumbered(nic)));
  return found;
}

/** Ports of hubs and switches have numbers, and one is as good as another. */
const isNumbered = (nic: Nic): boolean => /^\d+$/.test(nic.name);

const keyOf = (a: string, b: string): string => `${a}|${b}`;

/** Takes away those cables that stand in the way of ends that ask for their ports. @returns what is still matched */
export function makeRoom(
  network: Network,
  next: readonly CableDocument[],
  found: readonly (LaidCable | undefined)[],
): (LaidCable | undefined)[] {
  const wanted = new Set<string>();
  next.forEach(({ a, b }, index) => {
    if (found[index] === undefined) for (const end of [a, b]) if (end.chosen !== true) wanted.add(endName(end));
  });
  return found.map((each) => {
    if (each === undefined || !(wanted.has(each.cable.a.fullName) || wanted.has(each.cable.b.fullName))) return each;
    network.removeCable(each.cable);
    return undefined;
  });
}

/** Lays a cable of a document, or changes what the one that is there does to frames. */
export function lay(network: Network, document: CableDocument, laid: LaidCable | undefined): LaidCable {
  if (laid === undefined)
    return { document, cable: addCable(network, document, endOf(network, document.a), endOf(network, document.b)) };
  const { cable, document: was } = laid;
  if (!isSame(was.conditions, document.conditions)) network.faults.setConditions(cable, conditionsOf(document));
  if (was.queue !== document.queue) cable.a.queueLimit = cable.b.queueLimit = document.queue ?? QUEUE_LIMIT;
  return { document, cable };
}

const conditionsOf = ({ conditions: [there, back] }: CableDocument): [CableConditions, CableConditions] => [
  { ...IDEAL, ...there },
  { ...IDEAL, ...back },
];

/** The device where any of its ports will do. */
function endOf(network: Network, end: CableEnd): string {
  const kind = network.devices.get(end.device)?.kind;
  return end.chosen === true && (kind === "hub" || kind === "switch") ? end.device : endName(end);
}
