import type { NetworkWritten } from "../../../engine/protocol/written.ts";
import { isFaultOf, pinned } from "./cable-ends.ts";
import type { Change } from "./change.ts";
import { references } from "./references.ts";
import { addressOf, deviceAt, done, isTaken, noDevice, type Outcome, refused, type Situation } from "./situation.ts";

/** Takes devices, doors and cables away, with all that cannot be without them. */
export function remove(situation: Situation, devices: readonly string[], cables: readonly number[]): Outcome {
  const { network } = situation;
  const names = new Set(devices);
  for (const name of names) if (!isTaken(network, name)) return noDevice(name);
  for (const cable of cables) if (network.cables?.[cable] === undefined) return noCable(cable);
  const gone = new Set(cables);
  (network.cables ?? []).forEach(({ between }, index) => {
    if (between.some((end) => names.has(deviceAt(end)))) gone.add(index);
  });
  const doors = doorsWithout(network, names);
  return done([
    ...[...names].filter((name) => Object.hasOwn(network.devices, name)).map((name) => without(["devices", name])),
    ...[...doors].map((name) => without(["doors", name])),
    ...withoutCables(network, gone),
    ...[...new Set([...names, ...doors])]
      .filter((name) => Object.hasOwn(network.layout ?? {}, name))
      .map((name) => without(["layout", name])),
    ...namedByAddress(situation, names, doors),
  ]);
}

/** Takes cables away, with their faults. */
export function withoutCables(network: NetworkWritten, gone: ReadonlySet<number>): Change[] {
  const faults = (network.faults ?? []).flatMap((fault, index) =>
    [...gone].some((cable) => network.cables?.[cable] && isFaultOf(fault, network.cables[cable])) ? [index] : [],
  );
  return [
    ...[...gone].map((index) => without(["cables", index])),
    ...faults.map((index) => without(["faults", index])),
    ...pinned(network, gone),
  ];
}

export const noCable = (cable: number): Outcome => refused("no-cable", `there is no cable ${cable}`, { cable });

const without = (path: Change["path"]): Change => ({ do: "delete", path });

/** The doors that go, and the published ports that would lead from nowhere or to nobody. */
function doorsWithout(network: NetworkWritten, names: ReadonlySet<string>): Set<string> {
  const gone = Object.entries(network.doors ?? {}).filter(([name, door]) => {
    if (names.has(name)) return true;
    if (!("publish" in door)) return false;
    const host = door.to.split(":")[0] ?? "";
    return names.has(door.from) || (names.has(host) && addressOf(network, host) === undefined);
  });
  return new Set(gone.map(([name]) => name));
}

/** Who is to be reached by the name of a host that goes is named by its address: there is nobody at it any more. */
function namedByAddress(situation: Situation, names: ReadonlySet<string>, doors: ReadonlySet<string>): Change[] {
  return [...references(situation)].flatMap(({ path, host, rest }): Change[] => {
    const within = String(path[1]);
    const goes = (path[0] === "devices" && names.has(within)) || (path[0] === "doors" && doors.has(within));
    const address = names.has(host) && !goes ? addressOf(situation.network, host) : undefined;
    return address === undefined ? [] : [{ do: "set", path, value: `${address}${rest}` }];
  });
}
