export type { Heard, WatcherChannel } from "./channel.ts";
export type { EngineDoors } from "./doors.ts";
export { Engine, type EngineOptions } from "./engine.ts";
export * from "./protocol/index.ts";
