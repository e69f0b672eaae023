/**
 * `netarium`: build a network and run it. What needs a machine stands in `netarium/node` and `netarium/browser`, the sockets
 * API by itself in `netarium/socket`, captures in `netarium/capture`, tests of network programs in `netarium/testing`.
 *
 * ```ts
 * import { Network, timeClient, timeServer } from "netarium";
 * import { runLoop } from "netarium/node";
 *
 * const network = new Network({ seed: 1 });
 * network.host("server", { address: "10.0.0.1/24" });
 * network.host("client", { address: "10.0.0.2/24" });
 * network.cable("server", "client", { delay: "1ms", rate: "100Mbit/s", loss: "1%" });
 * network.onLog(({ host, text }) => console.log(host, text));
 * network.start("server", timeServer);
 * network.start("client", timeClient, { server: { address: "10.0.0.1", port: 3434 } });
 * await runLoop(network).run();
 * ```
 *
 * @module
 */
export type { SocketAddress } from "./address/endpoint.ts";
export * from "./application/index.ts";
export type { Errno } from "./base/errno.ts";
export { Random } from "./base/random.ts";
export type { Device, DeviceKind, DeviceSnapshot } from "./device/device.ts";
export type { Host, HostSnapshot } from "./device/host.ts";
export type { Hub } from "./device/hub.ts";
export type { Switch } from "./device/switch.ts";
export type { Cable, CableSnapshot, Direction } from "./link/cable.ts";
export type { CableConditions } from "./link/conditions.ts";
export type { Nic, NicCounters, NicSnapshot } from "./link/nic.ts";
export type { Tap, TapDirection } from "./link/tap.ts";
export { type BuildOptions, build } from "./network/build.ts";
export type { ConditionsWritten, DurationWritten } from "./network/conditions.ts";
export type * from "./network/document.ts";
export { domainOf } from "./network/domain.ts";
export { FrameDoor, type FrameOutside } from "./network/doors/frame-door.ts";
export type { FaultWritten } from "./network/fault-written.ts";
export { type Fault, Faults } from "./network/faults.ts";
export { type Input, type InputHandler, Inputs } from "./network/input-log.ts";
export * from "./network/input-record.ts";
export type { NamesOptions, NamesSnapshot } from "./network/names.ts";
export {
  type CableEndWritten,
  type HostOptions,
  type InterfaceOptions,
  Network,
  type NetworkOptions,
  type NetworkSnapshot,
} from "./network/network.ts";
export type { Platform, Sleep } from "./network/platform.ts";
export type { LogLine, RunningProgram, RunState } from "./network/programs.ts";
export { type RunEnd, RunLoop, type RunLoopOptions, type SlowHold, type Speed } from "./network/run.ts";
export type { DropReason } from "./packet/drop-reason.ts";
export type { Clock } from "./socket/clock.ts";
export { NameError, type NameErrorCode, type Names } from "./socket/names.ts";
export { type Socket, SocketError, type SocketOptions, type Sockets } from "./socket/socket.ts";
export {
  type Duration,
  formatDuration,
  type Instant,
  microseconds,
  milliseconds,
  minutes,
  NEVER,
  parseDuration,
  seconds,
} from "./time/instant.ts";
export { LivelockError, Scheduler } from "./time/scheduler.ts";
export { Timer } from "./time/timer.ts";
export type { TcpSettings } from "./transport/tcp/settings.ts";
