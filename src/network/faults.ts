import type { Cable } from "../link/cable.ts";
import type { CableConditions } from "../link/conditions.ts";
import { after, type Duration } from "../time/instant.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { Timer } from "../time/timer.ts";
import type { FaultAction } from "./document.ts";

export interface Fault {
  readonly cable: Cable;
  /** `"both"` unless told. An unplugged cable is so at both ends. */
  readonly direction?: "both" | "a-b" | "b-a";
  readonly action: FaultAction;
  /** When it begins; not before now. */
  readonly at: Duration;
  /** After so long it is undone; never unless given. */
  readonly for?: Duration | undefined;
  /** It begins again so long after each beginning. */
  readonly every?: Duration | undefined;
}

type Way = 0 | 1;

/**
 * Does things to cables at their times. Faults of one cable may overlap: what is in force is what the cable was before
 * the first, changed by each that has begun and not ended, in the order in which they began.
 */
export class Faults {
  readonly #scheduler: Scheduler;
  readonly #overlays = new Map<Cable, Overlay>();
  #count = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** @returns a function that takes it back: it ends now, if it has begun, and does not begin again */
  add(fault: Fault): () => void {
    const overlay = this.#overlayOf(fault.cable);
    const name = `fault ${++this.#count} of ${fault.cable.name}`;
    const scheduler = this.#scheduler;
    const end = new Timer(`${name} ends`, () => overlay.end(fault));
    const begin = new Timer(name, (now) => {
      overlay.begin(fault);
      if (fault.for !== undefined) scheduler.arm(end, after(now, fault.for));
      if (fault.every !== undefined) scheduler.arm(begin, after(now, fault.every));
    });
    scheduler.arm(begin, after(scheduler.now, Math.max(0, fault.at - scheduler.now)));
    return () => {
      scheduler.disarm(begin);
      scheduler.disarm(end);
      overlay.end(fault);
    };
  }

  /** Changes what a cable is without faults; those in force stay so. */
  setConditions(cable: Cable, conditions: readonly [CableConditions, CableConditions]): void {
    const overlay = this.#overlays.get(cable);
    if (overlay?.isActive === true) overlay.setBase(conditions);
    else {
      cable.setConditions("a-b", conditions[0]);
      cable.setConditions("b-a", conditions[1]);
    }
  }

  #overlayOf(cable: Cable): Overlay {
    const overlay = this.#overlays.get(cable) ?? new Overlay(cable);
    this.#overlays.set(cable, overlay);
    return overlay;
  }
}

/** The faults in force on one cable. */
class Overlay {
  readonly #cable: Cable;
  /** In the order in which they began. */
  readonly #active = new Set<Fault>();
  /** What the cable is without them. */
  #base: readonly [CableConditions, CableConditions] | undefined;

  constructor(cable: Cable) {
    this.#cable = cable;
  }

  get isActive(): boolean {
    return this.#base !== undefined;
  }

  setBase(base: readonly [CableConditions, CableConditions]): void {
    this.#base = base;
    this.#apply();
  }

  begin(fault: Fault): void {
    this.#base ??= [this.#cable.directions[0].conditions, this.#cable.directions[1].conditions];
    const { kind } = fault.action;
    if (kind === "heal") this.#clear(({ action }) => action.kind !== "unplug", fault);
    else if (kind === "plug") this.#clear(({ action }) => action.kind === "unplug", fault);
    else {
      this.#active.delete(fault);
      this.#active.add(fault);
    }
    this.#apply(kind === "heal" ? fault : undefined);
  }

  end(fault: Fault): void {
    if (this.#active.delete(fault)) this.#apply();
  }

  /** Ends faults that another mends: all that it reaches, and of one that reaches further only its part. */
  #clear(isMended: (fault: Fault) => boolean, by: Fault): void {
    for (const fault of [...this.#active]) {
      if (!isMended(fault) || !waysOf(fault).some((way) => waysOf(by).includes(way))) continue;
      this.#active.delete(fault);
      const left = waysOf(fault).filter((way) => !waysOf(by).includes(way));
      if (left.length === 1) this.#active.add({ ...fault, direction: left[0] === 0 ? "a-b" : "b-a" });
    }
  }

  /** @param healed by which a cut made without a plan is mended as well */
  #apply(healed?: Fault): void {
    const base = this.#base;
    if (base === undefined) return;
    const active = [...this.#active];
    for (const way of [0, 1] as const) {
      const here = active.filter((fault) => waysOf(fault).includes(way));
      const changes = here.map(({ action }) => (action.kind === "change" ? action.conditions : {}));
      const isHealed = healed !== undefined && waysOf(healed).includes(way);
      const cut = (base[way].cut && !isHealed) || here.some(({ action }) => action.kind === "cut");
      this.#cable.setConditions(way === 0 ? "a-b" : "b-a", Object.assign({}, base[way], ...changes, { cut }));
    }
    if (active.some(({ action }) => action.kind === "unplug")) this.#cable.unplug();
    else this.#cable.plug();
    if (active.length === 0) this.#base = undefined;
  }
}

function waysOf({ direction = "both", action }: Fault): readonly Way[] {
  if (direction === "both" || action.kind === "unplug" || action.kind === "plug") return [0, 1];
  return direction === "a-b" ? [0] : [1];
}
