/**
 * What a script may do. Everything but {@link WALL_LIMIT} is counted, not measured: where a script is stopped does not depend on the
 * machine.
 */

/** What it may compute at one virtual instant, in turns of loops of QuickJS: about a quarter of a second. */
export const FUEL_AT_ONCE = 30_000_000;
/** What of that comes again in a second of virtual time. */
export const FUEL_PER_SECOND = 30_000_000;
/** Of the fuel, so much is kept for what cannot be interrupted; what comes so far is stopped by a trap. */
export const FUEL_RESERVE = 5_000_000;
/** What a call to the host costs besides, and how many bytes cost one more. */
export const FUEL_PER_CALL = 2_000;
export const BYTES_PER_FUEL = 8;
/** For the script's start: its library and the text itself are read. */
export const FUEL_TO_START = 60_000_000;

/** Jobs of promises at one virtual instant. */
export const JOBS_AT_ONCE = 100_000;

/** Octets of the memory of QuickJS, as pages of 64 KiB: 64 MiB. */
export const MEMORY_PAGES = 1024;
/** As the module that there is was compiled. */
export const FIRST_PAGES = 256;

/** Octets of the stack that QuickJS counts, and of all that is called in it, by an estimate that is never too low. */
export const STACK_BYTES = 200 * 1024;
export const CALLS_BYTES = 700 * 1024;

/** Open at once. */
export const SOCKETS_LIMIT = 1_024;
/** Calls that wait at once, and timers. */
export const CALLS_LIMIT = 10_000;
export const TIMERS_LIMIT = 10_000;
/** Octets of calls that wait to send. */
export const HELD_BYTES_LIMIT = 16 * 2 ** 20;
/** Octets that one call receives at most. */
export const RECEIVE_LIMIT = 2 ** 20;

/** Lines that it may write at once, and how many of them it may write again in a second of virtual time. */
export const LINES_AT_ONCE = 2_000;
export const LINES_PER_SECOND = 200;
/** Letters of a line; the rest is cut off. */
export const LINE_LIMIT = 2_000;
/** Letters of all that one call writes; the rest is cut off. */
export const OUTPUT_LIMIT = 256 * 1024;

/** Wall milliseconds by which it may take longer to compute than virtual time takes to pass. */
export const WALL_LIMIT = 10_000;
