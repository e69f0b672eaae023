import { Engine } from "../../../engine/engine.ts";
import { browserCompression } from "../compression.ts";
import { browserPlatform } from "../runtime.ts";
import { lacksOf, needsWhatLacks } from "./lacks.ts";
import { toolsForLater } from "./later/editing.ts";
import { LaterScripts } from "./later-scripts.ts";
import { type NetworkSource, networkBeside, type PageFolder, readNetwork } from "./source.ts";

/** What the page's folder holds for the network that is seen first; who puts the folder on a server may replace it. */
export const NETWORK_FILE = "network.yaml";

export interface StartOptions {
  /** In place of {@link NETWORK_FILE}. */
  readonly source?: NetworkSource | undefined;
  readonly folder: PageFolder;
  /** The bytes of QuickJS, for scripts; none can be run unless given. */
  readonly quickJs?: (() => Promise<Uint8Array>) | undefined;
  readonly netarium: string;
}

/**
 * Starts an engine in a Worker. Its network waits, paused, where programs in it would miss what only Node has.
 * @throws StartError
 */
export async function startEngine({ source, folder, quickJs, netarium }: StartOptions): Promise<Engine> {
  const read = source === undefined ? networkBeside(NETWORK_FILE, folder) : readNetwork(source, folder);
  const { document, text, file, options } = await read;
  return Engine.start({
    document,
    text,
    file,
    platform: browserPlatform(),
    compression: browserCompression(),
    documents: toolsForLater(options),
    scripts: quickJs && new LaterScripts(quickJs),
    lacks: lacksOf,
    paused: needsWhatLacks(document),
    netarium,
    id: drawId(),
    kind: "worker",
  });
}

/** crypto.randomUUID is only there where the page came over HTTPS or from this machine. */
function drawId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
