import type { CableChanges } from "../../../engine/protocol/document.ts";
import type { CableWritten, DoorWritten, Position, ProgramWritten } from "../../../engine/protocol/written.ts";
import type { Change } from "./change.ts";
import { placed, settings } from "./devices.ts";
import { noCable } from "./remove.ts";
import {
  deviceAt,
  done,
  hostOf,
  isTaken,
  nameProblem,
  noDevice,
  type Outcome,
  refused,
  type Situation,
} from "./situation.ts";

export function addCable({ network }: Situation, cable: CableWritten): Outcome {
  const missing = Array.isArray(cable.between)
    ? cable.between.find((end: unknown) => typeof end === "string" && !isTaken(network, deviceAt(end)))
    : undefined;
  if (missing !== undefined) return noDevice(deviceAt(missing));
  return done([{ do: "append", path: ["cables"], value: cable }]);
}

/** Conditions for one way of a cable, or for both: then they hold for both, whatever was said of one. */
export function setCable({ network }: Situation, index: number, set: CableChanges, from?: string): Outcome {
  const cable = network.cables?.[index];
  if (cable === undefined) return noCable(index);
  const path = ["cables", index];
  if (from === undefined) {
    const ways = Object.entries(cable.from ?? {}).map(([end, written]) => {
      const left = Object.keys(written).filter((key) => !Object.hasOwn(set, key));
      return { end, written, left };
    });
    const changes = ways.flatMap(({ end, written, left }): Change[] => {
      if (left.length === 0) return [{ do: "delete", path: [...path, "from", end] }];
      const said = Object.keys(written).filter((key) => Object.hasOwn(set, key));
      return said.map((key) => ({ do: "delete", path: [...path, "from", end, key] }));
    });
    const isEmpty = ways.length > 0 && ways.every(({ left }) => left.length === 0);
    const without: Change[] = isEmpty ? [{ do: "delete", path: [...path, "from"] }] : changes;
    return done([...settings(path, cable, set), ...without]);
  }
  const end = cable.between.find((each) => each === from) ?? cable.between.find((each) => deviceAt(each) === from);
  if (end === undefined)
    return refused("no-end", `${from} is no end of the cable ${cable.between.join(" – ")}`, { end: from });
  const is = cable.from?.[end] ?? {};
  const becomes = Object.fromEntries(Object.entries({ ...is, ...set }).filter(([, value]) => value !== null));
  if (Object.keys(becomes).length > 0) return done(settings([...path, "from", end], is, set));
  if (cable.from === undefined || !Object.hasOwn(cable.from, end)) return done([]);
  const isLast = Object.keys(cable.from).length === 1;
  return done([{ do: "delete", path: isLast ? [...path, "from"] : [...path, "from", end] }]);
}

export function addProgram({ network }: Situation, host: string, program: ProgramWritten): Outcome {
  if (hostOf(network, host) === undefined) return noHost(host);
  return done([{ do: "append", path: ["devices", host, "programs"], value: program }]);
}

/** @param program another in its place; undefined for none */
export function setProgram({ network }: Situation, host: string, index: number, program?: ProgramWritten): Outcome {
  const programs = hostOf(network, host)?.programs;
  if (programs === undefined && hostOf(network, host) === undefined) return noHost(host);
  if (programs?.[index] === undefined) {
    return refused("no-program", `${host} has no program ${index}`, { host, index });
  }
  const path = ["devices", host, "programs"];
  if (program !== undefined) return done([{ do: "set", path: [...path, index], value: program }]);
  return done([{ do: "delete", path: programs.length === 1 ? path : [...path, index] }]);
}

const noHost = (host: string): Outcome => refused("no-host", `there is no host ${host}`, { host });

export function addDoor({ network }: Situation, name: string, door: DoorWritten, at?: Position): Outcome {
  const problem = nameProblem(network, name);
  if (problem !== undefined) return problem;
  return done([{ do: "set", path: ["doors", name], value: door }, ...placed(name, at)], [name]);
}

export function setDoor({ network }: Situation, name: string, door: DoorWritten): Outcome {
  if (!Object.hasOwn(network.doors ?? {}, name)) return refused("no-door", `there is no door ${name}`, { name });
  return done([{ do: "set", path: ["doors", name], value: door }]);
}

/** @param value another in its place; undefined for none */
export function setFault({ network }: Situation, index: number, value?: object): Outcome {
  const faults = network.faults ?? [];
  if (faults[index] === undefined) return refused("no-fault", `there is no fault ${index}`, { index });
  if (value !== undefined) return done([{ do: "set", path: ["faults", index], value }]);
  return done([{ do: "delete", path: faults.length === 1 ? ["faults"] : ["faults", index] }]);
}

/** Where things stand; null for no place of their own. */
export function setLayout({ network }: Situation, positions: Readonly<Record<string, Position | null>>): Outcome {
  const layout = network.layout ?? {};
  for (const [name, at] of Object.entries(positions)) if (at !== null && !isTaken(network, name)) return noDevice(name);
  const gone = Object.entries(positions).flatMap(([name, at]) =>
    at === null && Object.hasOwn(layout, name) ? [name] : [],
  );
  const set = Object.entries(positions).flatMap(([name, at]) => (at === null ? [] : placed(name, at)));
  if (set.length === 0 && gone.length > 0 && gone.length === Object.keys(layout).length) {
    return done([{ do: "delete", path: ["layout"] }]);
  }
  return done([...set, ...gone.map((name): Change => ({ do: "delete", path: ["layout", name] }))]);
}
