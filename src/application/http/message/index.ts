export { FAILURES, type Failure, type FailureCode } from "./failures.ts";
export { type Field, Fields } from "./fields.ts";
export type { Expectation, Framing, MessageHead, TargetForm } from "./head.ts";
export { DEFAULT_LIMITS, type MessageLimits } from "./limits.ts";
export { type MessageEvent, MessageParser } from "./parser.ts";
export {
  CHUNK_END,
  formatChunkSize,
  formatLastChunk,
  formatRequestHead,
  formatResponseHead,
} from "./serialiser.ts";
export { isAuthority, targetForm } from "./target.ts";
