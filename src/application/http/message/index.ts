export { FAILURES, type Failure, type FailureCode } from "./failures.ts";
export { type Field, Fields } from "./fields.ts";
export type { Expectation, Framing, MessageHead, TargetForm } from "./head.ts";
export { decodeLatin1, encodeLatin1, writeLatin1 } from "./latin1.ts";
export { DEFAULT_LIMITS, type MessageLimits } from "./limits.ts";
export { isToken } from "./octets.ts";
export { type MessageEvent, MessageParser } from "./parser.ts";
export {
  CHUNK_END,
  formatChunkSize,
  formatFields,
  formatLastChunk,
  formatRequestHead,
  formatResponseHead,
} from "./serialiser.ts";
export { authorityOf, isAuthority, targetForm } from "./target.ts";
