/** WebSocket (RFC 6455) over any sockets: both ends, and the frames by themselves. */
export { type OpenOptions, openWebSocket, WebSocketError } from "./client.ts";
export { CLOSE_CODES } from "./close-code.ts";
export { FlushTurn } from "./flush-turn.ts";
export { writeFrame, writeText } from "./frame-writer.ts";
export { type HonoContext, HonoSocket, type HonoSocketEvents, type HonoSocketOptions, honoWebSocket } from "./hono.ts";
export type { WebSocketLimits } from "./limits.ts";
export { type MessageEvents, MessageReader } from "./message-reader.ts";
export { type UpgradeOptions, upgradeWebSocket } from "./server.ts";
export { type CloseFacts, type Heartbeat, WebSocket, type WebSocketOptions } from "./websocket.ts";
