export * from "./messages.ts";
export * from "./methods.ts";
export * from "./network.ts";
export * from "./packets.ts";
export * from "./problem.ts";
export * from "./state.ts";
export * from "./traffic.ts";
