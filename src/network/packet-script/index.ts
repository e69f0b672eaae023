/** Packet scripts in packetdrill's notation: packets and system calls, played against the sockets of one host. */
export { type RunScriptOptions, runPacketScript, type ScriptNote, type ScriptResult } from "./run.ts";
