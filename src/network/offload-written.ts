import { FULL_OFFLOAD, NO_OFFLOAD, type Offload } from "../link/offload.ts";

/** What can be left to a cable. */
export const OFFLOADS = ["checksum", "segmentation", "coalescing"] as const;

/** A cable's offload as people write it: all, none, or some by name. */
export type OffloadWritten = boolean | readonly (typeof OFFLOADS)[number][];

/** Large segments go without their checksums, so segmentation brings that with it. */
export function offloadOf(written: OffloadWritten): Offload {
  if (typeof written === "boolean") return written ? FULL_OFFLOAD : NO_OFFLOAD;
  const segmentation = written.includes("segmentation");
  return {
    checksum: segmentation || written.includes("checksum"),
    segmentation,
    coalescing: written.includes("coalescing"),
  };
}
