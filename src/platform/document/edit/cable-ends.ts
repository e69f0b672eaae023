import type { CableWritten, FaultWritten, NetworkWritten } from "../../../engine/protocol/written.ts";
import type { Change } from "./change.ts";
import { deviceAt, hostOf, interfacesOf } from "./situation.ts";

/** Whether the ends that a fault names are those of a cable: a device stands for any port of it. */
export function isFaultOf(fault: FaultWritten, { between: [a, b] }: CableWritten): boolean {
  const fits = (wanted: string, end: string): boolean => wanted === end || wanted === deviceAt(end);
  const [one, other] = fault.cable;
  return (fits(one, a) && fits(other, b)) || (fits(one, b) && fits(other, a));
}

/** The interfaces at which cables end on a host, as far as it has some: named ends first, then the free ones in order. */
export function portsOf(network: NetworkWritten): (readonly [string | undefined, string | undefined])[] {
  const cables = network.cables ?? [];
  const taken = new Set(cables.flatMap(({ between }) => between.filter((end) => end.includes("."))));
  const choose = (end: string): string | undefined => {
    if (end.includes(".")) return end;
    const host = hostOf(network, end);
    const free = host && interfacesOf(host).find(([name]) => !taken.has(`${end}.${name}`))?.[0];
    if (free === undefined) return undefined;
    taken.add(`${end}.${free}`);
    return `${end}.${free}`;
  };
  return cables.map(({ between: [a, b] }) => [choose(a), choose(b)]);
}

/** Another text for an end of a cable, wherever the cable says it. */
export function renameEnd(cable: CableWritten, index: number, side: 0 | 1, to: string): Change[] {
  const end = cable.between[side];
  const changes: Change[] = [{ do: "set", path: ["cables", index, "between", side], value: to }];
  if (cable.from !== undefined && Object.hasOwn(cable.from, end)) {
    changes.push({ do: "rename", path: ["cables", index, "from", end], key: to });
  }
  return changes;
}

/**
 * Names the interfaces of cables that stay where they would be others without those that go: on devices with several interfaces
 * a cable takes the first that is free.
 */
export function pinned(network: NetworkWritten, gone: ReadonlySet<number>): Change[] {
  const cables = network.cables ?? [];
  const before = portsOf(network);
  const left = cables.filter((_, index) => !gone.has(index));
  const after = portsOf({ ...network, cables: left });
  const kept = before.map((ports, index) => ({ ports, index })).filter(({ index }) => !gone.has(index));
  return kept.flatMap(({ ports, index }, place) =>
    ([0, 1] as const).flatMap((side) => {
      const [was, cable] = [ports[side], cables[index]];
      if (was === undefined || cable === undefined || was === after[place]?.[side]) return [];
      return renameEnd(cable, index, side, was);
    }),
  );
}
