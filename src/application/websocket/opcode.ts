/** What a frame carries (RFC 6455 §5.2). Those from 8 on are control frames (§5.5). */
export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

/** A control frame's payload is at most this long (RFC 6455 §5.5). */
export const CONTROL_BYTES = 125;

export const isControl = (opcode: number): boolean => opcode >= CLOSE;

/** Whether the RFC gives the opcode a meaning; the others are reserved (§5.2). */
export const isKnown = (opcode: number): boolean => opcode <= BINARY || (opcode >= CLOSE && opcode <= PONG);
