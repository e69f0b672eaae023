/**
 * Work on frames that the ends of a cable leave to each other, or do once for many (Linux: `ethtool -k`). A setting of the
 * cable, for its whole life, and never a matter of who watches.
 */
export interface Offload {
  /**
   * TCP leaves its checksums out, and does not verify those that are: on this cable no bit turns. Taps see them filled in.
   * Holds for as long as the cable has no fault and no rate, and nothing from outside at its ends.
   */
  readonly checksum: boolean;
  /**
   * TCP sends segments of up to 64 KiB, which are cut where they go on by a cable without this. Taps see them whole. Needs
   * {@link checksum}, and holds where that does.
   */
  readonly segmentation: boolean;
  /**
   * Segments of one connection that arrive at one instant and follow on each other are taken as one large segment, which has
   * one acknowledgment (Linux: generic receive offload).
   */
  readonly coalescing: boolean;
}

export const NO_OFFLOAD: Offload = { checksum: false, segmentation: false, coalescing: false };
export const FULL_OFFLOAD: Offload = { checksum: true, segmentation: true, coalescing: true };
