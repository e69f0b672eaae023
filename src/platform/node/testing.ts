/**
 * `netarium/testing`: tests of network programs in virtual time, with faults, under many seeds. Works in `node:test`, in vitest and
 * wherever a test is an asynchronous function.
 *
 * @module
 */
export { type SimulateOptions, simulate } from "./testing/simulate.ts";
export type { Simulation, TestHost } from "./testing/simulation.ts";
