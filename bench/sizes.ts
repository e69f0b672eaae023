export const BULK_BYTES = 256 * 2 ** 20;
/** Of our own bulk transfers: 256 MiB with offload are over before the compiler has done its work. */
export const LONG_BULK_BYTES = 2 ** 30;
/** Enough that the first thousands, before the compiler has seen the code, are few. */
export const ROUND_TRIPS = 400_000;
export const MESSAGE_BYTES = 64;
export const CONNECTS = 20_000;
export const IDLE_CONNECTIONS = 100_000;
