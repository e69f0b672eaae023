import { EVENTS_PER_CHUNK, OUT } from "./event-chunk.ts";
import { EventLog } from "./event-log.ts";

export interface Histogram {
  /** Frames that left, and frames that were lost, in each slice. */
  readonly frames: number[];
  readonly drops: number[];
}

/**
 * How many frames left and were lost in each of so many equal slices of a time. What lies in one slice as a whole is not gone through.
 * @param from virtual nanoseconds @param to not included, after `from` @param slices at least 1
 */
export function histogram(log: EventLog, from: number, to: number, slices: number): Histogram {
  const frames = new Array<number>(slices).fill(0);
  const drops = new Array<number>(slices).fill(0);
  const sliceOf = (time: number): number => Math.min(slices - 1, Math.floor(((time - from) / (to - from)) * slices));
  const end = log.firstAt(to);
  for (let event = log.firstAt(from); event < end; ) {
    const chunk = log.chunkOf(event);
    const row = event % EVENTS_PER_CHUNK;
    const last = Math.min(chunk.count, row + end - event);
    const slice = sliceOf(chunk.at(row));
    if (row === 0 && last === chunk.count && sliceOf(chunk.at(last - 1)) === slice) {
      frames[slice] = (frames[slice] as number) + chunk.outs;
      drops[slice] = (drops[slice] as number) + chunk.drops;
    } else {
      for (let each = row; each < last; each++) {
        const direction = chunk.direction(each);
        const at = sliceOf(chunk.at(each));
        if (direction === OUT) frames[at] = (frames[at] as number) + 1;
        else if (EventLog.isLoss(chunk, each)) drops[at] = (drops[at] as number) + 1;
      }
    }
    event += last - row;
  }
  return { frames, drops };
}
