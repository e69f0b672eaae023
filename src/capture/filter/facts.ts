import type { Found } from "../dissect/field.ts";

/** What can be told of a frame without a dissection. */
export interface Facts {
  /** Whether a protocol stands in its tree; undefined when that is not known. */
  has(protocol: string): boolean | undefined;
  /** Adds all its fields of a name. @returns false when it takes a dissection to tell */
  find(name: string, into: Found[]): boolean;
  /** The bytes that a field stands for which was found; those of a protocol go on to the end of what it was given. */
  bytes(field: Found): Uint8Array;
}
