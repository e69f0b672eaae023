import type { Heard, WatcherChannel } from "../../../../engine/channel.ts";
import type { FromEngine } from "../../../../engine/protocol/messages.ts";
import { loadAnalysis } from "./analysis.ts";
import { loadEditing } from "./editing.ts";
import { loadMessages } from "./messages.ts";
import { loadPrograms } from "./registry.ts";
import { loadShell } from "./session.ts";

/** Parts of the engine that a network runs without. */
export interface Parts {
  readonly analysis: () => Promise<void>;
  readonly shell: () => Promise<void>;
  /** Those that the first network did without. */
  readonly programs: () => Promise<void>;
  readonly editing: () => Promise<void>;
  /** Whoever speaks waits for it. */
  readonly messages: () => Promise<void>;
}

/** Each is loaded once; when that fails, again for the next who asks. */
export const PARTS: Parts = {
  analysis: once(loadAnalysis),
  shell: once(loadShell),
  programs: once(loadPrograms),
  editing: once(async () => {
    // A document may name any program.
    await Promise.all([loadPrograms(), loadEditing()]);
  }),
  messages: once(loadMessages),
};

/** What the methods whose names begin so need. */
const NEEDED: readonly (readonly [begin: string, part: keyof Parts])[] = [
  ["packets.", "analysis"],
  ["filter.", "analysis"],
  ["terminal.", "shell"],
  ["document.", "editing"],
];

export function once(load: () => Promise<void>): () => Promise<void> {
  let loaded: Promise<void> | undefined;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}

/** A channel whose requests wait for the part of the engine that they need; in what order others are answered is the same to them. */
export class PatientChannel implements WatcherChannel {
  onMessage: (message: Heard) => void = () => {};
  readonly #channel: WatcherChannel;
  readonly #parts: Parts;

  constructor(channel: WatcherChannel, parts: Parts = PARTS) {
    this.#channel = channel;
    this.#parts = parts;
    channel.onMessage = (message) => void this.#hear(message);
  }

  get buffered(): number {
    return this.#channel.buffered;
  }

  get onClose(): () => void {
    return this.#channel.onClose;
  }

  set onClose(onClose: () => void) {
    this.#channel.onClose = onClose;
  }

  send(message: FromEngine): void {
    this.#channel.send(message);
  }

  close(): void {
    this.#channel.close();
  }

  async #hear(message: Heard): Promise<void> {
    const needed = message.type === "request" ? NEEDED.find(([begin]) => message.method.startsWith(begin)) : undefined;
    if (message.type !== "request" || needed === undefined) {
      this.onMessage(message);
      return;
    }
    try {
      await this.#parts[needed[1]]();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const text = `a part of the engine could not be loaded: ${why}`;
      this.send({ type: "failure", id: message.id, error: { code: "part-not-loaded", params: { why }, text } });
      return;
    }
    this.onMessage(message);
  }
}
