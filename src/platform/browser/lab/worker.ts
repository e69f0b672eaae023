/**
 * The Worker in which a page's engine runs, where there is no server: the page's build makes a file of this module and all that it
 * imports. Each message brings a port, at whose other end somebody wants to watch; the first may bring the network as well.
 */
import type { Engine } from "../../../engine/engine.ts";
import { type Port, PortChannel } from "../../lab/port-channel.ts";
import { PARTS, PatientChannel } from "./later/parts.ts";
import { type NetworkSource, type ReadBefore, StartError } from "./source.ts";
import { startEngine } from "./start.ts";

/** A Worker's global scope, as far as it is used. */
interface Scope {
  onmessage: ((event: Arrival) => void) | null;
  readonly location: { readonly href: string };
}

interface Arrival {
  readonly data: { readonly source?: NetworkSource } | "ping";
  readonly ports: readonly Port[];
}

/** Netarium's version, which the build puts here. */
declare const NETARIUM_VERSION: string;
/** The name of the file beside the page that has QuickJS. */
declare const QUICKJS_FILE: string;

const scope = globalThis as unknown as Scope & { postMessage(message: unknown): void };
let engine: Promise<Engine> | undefined;

scope.onmessage = ({ data, ports: [port] }) => {
  // The page hears by the answer that the Worker is alive.
  if (data === "ping") scope.postMessage("pong");
  else if (port !== undefined) void connect(port, data.source);
};

async function connect(port: Port, source: NetworkSource | undefined): Promise<void> {
  try {
    engine ??= startEngine({ source, folder: { fetchText, readBefore }, quickJs, netarium: NETARIUM_VERSION });
    const [started] = await Promise.all([engine, PARTS.messages()]);
    for (const load of Object.values(PARTS)) load().catch(() => {}); // who needs it is told
    new PortChannel(port, (channel, hello) => started.admit(new PatientChannel(channel), hello));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const problem =
      error instanceof StartError ? error.problem : { code: "engine-crashed", params: { why }, text: why };
    port.postMessage(JSON.stringify({ type: "ended", problem }));
  }
}

/** The module that the build has written of the network beside the page. */
async function readBefore(): Promise<ReadBefore | undefined> {
  try {
    const { before } = (await import(new URL("network.js", scope.location.href).href)) as { before: ReadBefore };
    return before;
  } catch {
    return undefined;
  }
}

async function quickJs(): Promise<Uint8Array> {
  const response = await fetch(new URL(QUICKJS_FILE, scope.location.href));
  if (!response.ok) throw new Error(`${QUICKJS_FILE} could not be loaded: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A file beside the page. */
async function fetchText(name: string): Promise<string | undefined> {
  try {
    const response = await fetch(new URL(name, scope.location.href), { cache: "no-cache" });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}
