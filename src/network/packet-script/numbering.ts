import type { SackBlock, TcpOption } from "./tcp-option.ts";

/**
 * The two counts of one connection: a script's sequence numbers and timestamps begin where it likes, those of the host
 * under test where it drew them. What the far end sends is the script's own, as it stands.
 */
export class Numbering {
  /** The host's sequence number less the script's. */
  #offset = 0;
  #iss: number | undefined;
  #stampOffset: number | undefined;
  /** Timestamps that the host sent, by those the script calls them. */
  readonly #stamps = new Map<number, number>();

  /** A SYN of the host: if its number is new, the script's count begins with it. */
  begin(live: number, script: number): void {
    if (this.#iss === live) return;
    this.#iss = live;
    this.#offset = (live - script) | 0;
    this.#stampOffset = undefined;
    this.#stamps.clear();
  }

  /** A timestamp of the host where the script has one. */
  stamp(live: number, script: number): void {
    this.#stampOffset ??= (live - script) | 0;
    this.#stamps.set(script, live);
  }

  /** The host's sequence number for the script's: what the far end acknowledges. */
  toLive(script: number): number {
    return (script + this.#offset) | 0;
  }

  toScript(live: number): number {
    return (live - this.#offset) >>> 0;
  }

  /** The timestamp that the far end echoes. */
  echoToLive(script: number): number {
    return this.#stamps.get(script) ?? (script + (this.#stampOffset ?? 0)) >>> 0;
  }

  stampToScript(live: number): number {
    return (live - (this.#stampOffset ?? 0)) >>> 0;
  }

  /** Options of the far end on their way to the host. @param acknowledges whether the segment has an ACK, or the echo is 0 */
  optionsToLive(options: readonly TcpOption[], acknowledges: boolean): TcpOption[] {
    const block = ({ left, right }: SackBlock): SackBlock => ({ left: this.toLive(left), right: this.toLive(right) });
    return options.map((option) => {
      if (option.kind === "sack") return { ...option, blocks: option.blocks.map(block) };
      return option.kind === "TS" && acknowledges ? { ...option, echo: this.echoToLive(option.echo) } : option;
    });
  }
}
