import type { CableChanges, CableWritten, DocumentCommand } from "../../../src/engine/protocol/index.ts";

/** What can be typed of a cable, as its document writes it. */
export const CONDITIONS = [
  "loss",
  "delay",
  "jitter",
  "rate",
  "queue",
  "corruption",
  "duplication",
  "reordering",
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Both ways, or what one end sends. */
export type Way = "both" | 0 | 1;

/** What is typed to see how it is written. */
export const EXAMPLES: Readonly<Record<Condition, string>> = {
  loss: "1%",
  delay: "20ms",
  jitter: "5ms",
  rate: "10Mbit/s",
  queue: "1000",
  corruption: "0.1%",
  duplication: "1%",
  reordering: "5%",
};

export const endOf = (cable: CableWritten, way: Way): string | undefined =>
  way === "both" ? undefined : cable.between[way];

const ofWay = (cable: CableWritten, way: Way): Readonly<Record<string, unknown>> => {
  const end = endOf(cable, way);
  return (end === undefined ? cable : (cable.from?.[end] ?? {})) as Readonly<Record<string, unknown>>;
};

/** What the document says of a way alone, as it is written. */
export const conditionOf = (cable: CableWritten, way: Way, condition: Condition): string =>
  String(ofWay(cable, way)[condition] ?? "");

export const isCut = (cable: CableWritten, way: Way): boolean => {
  const own = ofWay(cable, way).cut;
  return own === undefined && way !== "both" ? cable.cut === true : own === true;
};

/** What may go wrong both ways. */
function changeOf(condition: Condition, typed: string): CableChanges {
  if (typed === "") return { [condition]: null };
  if (condition === "queue") return { queue: Number(typed) };
  // A probability without a unit is a share.
  const isShare = ["loss", "corruption", "duplication", "reordering"].includes(condition) && /^[\d.]+$/.test(typed);
  return { [condition]: isShare ? Number(typed) : typed };
}

/** Writes one condition. @param index of the cable in the document */
export function setCondition(
  index: number,
  cable: CableWritten,
  way: Way,
  condition: Condition,
  typed: string,
): DocumentCommand[] {
  return [command(index, cable, way, changeOf(condition, typed))];
}

function command(index: number, cable: CableWritten, way: Way, set: CableChanges): DocumentCommand {
  const from = endOf(cable, way);
  return { do: "cable.set", cable: index, ...(from !== undefined && { from }), set };
}

/** Cuts or joins a cable, one way or both. */
export function setCut(index: number, cable: CableWritten, way: Way, cut: boolean): DocumentCommand[] {
  if (way !== "both") {
    const other = way === 0 ? 1 : 0;
    // What was cut both ways goes on to be so the other way.
    if (cable.cut !== true) return [command(index, cable, way, { cut: cut ? true : null })];
    return cut ? [] : [command(index, cable, "both", { cut: null }), command(index, cable, other, { cut: true })];
  }
  const ways = ([0, 1] as const).filter((each) => ofWay(cable, each).cut !== undefined);
  return [
    command(index, cable, "both", { cut: cut ? true : null }),
    ...ways.map((each) => command(index, cable, each, { cut: null })),
  ];
}
