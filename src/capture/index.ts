/**
 * `netarium/capture`: what Nics see, as a pcapng file or as a hash.
 *
 * @module
 */
export * from "./pcapng/reader.ts";
export { CaptureTap } from "./pcapng/tap.ts";
export { type ByteSink, type PacketRecord, PcapngWriter } from "./pcapng/writer.ts";
export { type Digest, TraceTap } from "./trace.ts";
