/** What every server answers. */
export const BODY = "Hello, world!";
/** The name of the large file, and its bytes. */
export const FILE = "large.bin";
export const FILE_BYTES = 2 ** 30;
/** Seconds that a server is asked before what counts, and that count. */
export const WARM_UP = 0.5;
export const COUNTED = 1.5;
export const CONNECTIONS = 64;
/** Requests that go out together when they are pipelined. */
export const PIPELINED = 16;
