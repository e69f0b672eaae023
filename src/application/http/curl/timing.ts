import type { Clock } from "../../../socket/clock.ts";
import type { TransferTimes } from "./write-out.ts";

type Moment = "namelookup" | "connect" | "appconnect" | "pretransfer" | "starttransfer";

/** When the steps of a transfer came about. */
export class Timing {
  readonly #clock: Pick<Clock, "now">;
  readonly #began: number;
  readonly #at = new Map<Moment, number>();
  #redirect = 0;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
    this.#began = clock.now();
  }

  /** Since it began, whole ones. */
  get milliseconds(): number {
    return Math.floor((this.#clock.now() - this.#began) / 1e6);
  }

  mark(moment: Moment): void {
    this.#at.set(moment, this.#seconds());
  }

  redirected(): void {
    this.#redirect = this.#seconds();
  }

  times(): TransferTimes {
    const at = (moment: Moment): number => this.#at.get(moment) ?? 0;
    return {
      namelookup: at("namelookup"),
      connect: at("connect"),
      appconnect: at("appconnect"),
      pretransfer: at("pretransfer"),
      starttransfer: at("starttransfer"),
      redirect: this.#redirect,
      total: this.#seconds(),
    };
  }

  #seconds(): number {
    return (this.#clock.now() - this.#began) / 1e9;
  }
}
