import type { FaultAction, FaultDocument } from "../../network/document.ts";
import { formatDuration, milliseconds } from "../../time/instant.ts";
import type { CablesRead } from "./cables.ts";
import { suggest } from "./problem.ts";
import type { Reading } from "./reading.ts";
import type { FaultFile, NetworkFile } from "./schema.ts";
import { durationOf, readConditions } from "./values.ts";
import type { Path } from "./yaml.ts";

const LEAST_EVERY = milliseconds(1);

/** Reads what is done to cables over time. */
export function readFaults(reading: Reading, file: NetworkFile, { cables, indices }: CablesRead): FaultDocument[] {
  const written = file.cables ?? [];
  return (file.faults ?? []).flatMap((fault, index) => {
    const path = ["faults", index];
    const places = written.flatMap(({ between }, place) => (matches(fault.cable, between) ? [place] : []));
    if (places.length !== 1) tellCables(reading, fault, places.length, file, [...path, "cable"]);
    const cable = places.length === 1 ? indices[places[0] as number] : undefined;
    const action = readAction(reading, fault, path);
    const times = readTimes(reading, fault, path);
    const ends = written[places[0] ?? -1]?.between;
    const direction = readDirection(reading, fault, ends, path);
    return cable === undefined || action === undefined || cables[cable] === undefined
      ? []
      : [{ cable, direction, action, ...times }];
  });
}

/** Whether the ends of a fault's cable are those of a cable, in either order; a device stands for any port of it. */
function matches(wanted: readonly [string, string], ends: readonly [string, string]): boolean {
  const [a, b] = ends;
  return (fits(wanted[0], a) && fits(wanted[1], b)) || (fits(wanted[0], b) && fits(wanted[1], a));
}

const fits = (wanted: string, end: string): boolean => wanted === end || wanted === end.split(".")[0];

function tellCables(reading: Reading, fault: FaultFile, found: number, file: NetworkFile, path: Path): void {
  const [a, b] = fault.cable;
  if (found > 1) {
    reading.error(path, `${found} cables join ${a} and ${b}`, 'name the ports, as in "pc1.eth0", in both places');
    return;
  }
  const names = (file.cables ?? []).map(({ between }) => between.join(", "));
  reading.error(path, `no cable joins ${a} and ${b}`, suggest(`${a}, ${b}`, names));
}

function readAction(reading: Reading, fault: FaultFile, path: Path): FaultAction | undefined {
  const conditions = readConditions(fault);
  const changes = Object.keys(conditions).length > 0;
  if (fault.do !== undefined && changes) {
    reading.error(
      [...path, "do"],
      `a fault either does something or changes conditions, and this one does both`,
      "make two of it",
      "key",
    );
    return undefined;
  }
  if (fault.do === undefined && !changes) {
    reading.error(
      path,
      "a fault does something or changes conditions",
      'write do: cut, or a condition such as loss: "10%"',
    );
    return undefined;
  }
  return fault.do === undefined ? { kind: "change", conditions } : { kind: fault.do };
}

function readTimes(reading: Reading, fault: FaultFile, path: Path): Pick<FaultDocument, "at" | "for" | "every"> {
  const duration = fault.for === undefined ? undefined : durationOf(fault.for);
  const every = fault.every === undefined ? undefined : durationOf(fault.every);
  if (every !== undefined && every < LEAST_EVERY) {
    reading.error([...path, "every"], `a fault cannot begin again within ${formatDuration(LEAST_EVERY)}`);
  }
  if (every !== undefined && duration !== undefined && duration > every) {
    reading.error([...path, "for"], "a fault has to end before it begins again", "make for shorter, or every longer");
  }
  return { at: durationOf(fault.at), for: duration, every };
}

function readDirection(
  reading: Reading,
  fault: FaultFile,
  ends: readonly [string, string] | undefined,
  path: Path,
): FaultDocument["direction"] {
  const { from } = fault;
  if (from === undefined) return "both";
  if (fault.do === "unplug" || fault.do === "plug") {
    reading.error([...path, "from"], `a cable is ${fault.do}ged at both ends`, "leave from away, or cut it", "key");
  }
  const side = ends?.findIndex((end) => fits(from, end));
  if (side === -1) reading.error([...path, "from"], `${from} is no end of this cable`);
  return side === 1 ? "b-a" : "a-b";
}
