import { isSame } from "../../../base/plain-data.ts";
import { describeDoor, type EngineDoors } from "../../../engine/doors.ts";
import type { DoorInfo } from "../../../engine/protocol/network.ts";
import type { Problem } from "../../../engine/protocol/problem.ts";
import type { DoorDocument, NetworkDocument } from "../../../network/document.ts";
import type { Network } from "../../../network/network.ts";
import { type OpenDoor, type OpenDoorsOptions, openDoor } from "../open-doors.ts";
import { PublishError } from "../publish.ts";

/** The doors of a lab on this machine. One that cannot be opened says why, and the others open all the same. */
export class LabDoors implements EngineDoors {
  onChange: () => void = () => {};
  readonly #options: OpenDoorsOptions;
  #documents: readonly DoorDocument[];
  readonly #open = new Map<string, OpenDoor>();
  /** The ends in the network to which those that are open were joined. */
  readonly #inside = new Map<string, unknown>();
  readonly #problems = new Map<string, Problem>();

  constructor({ doors }: NetworkDocument, options: OpenDoorsOptions) {
    this.#documents = doors;
    this.#options = options;
  }

  get info(): readonly DoorInfo[] {
    return this.#documents.map((door) => {
      const at = this.#open.get(door.name)?.at;
      const problem = this.#problems.get(door.name);
      return { ...describeDoor(door), ...(at !== undefined && { at }), ...(problem && { problem }) };
    });
  }

  async attach(network: Network, { doors }: NetworkDocument): Promise<void> {
    const before = this.#documents;
    this.#documents = doors;
    for (const door of before) {
      if (doors.some((each) => isSame(each, door))) continue;
      this.#open.get(door.name)?.close();
      this.#open.delete(door.name);
      this.#problems.delete(door.name);
    }
    for (const door of doors) {
      const open = this.#open.get(door.name);
      if (open === undefined) await this.#tryToOpen(network, door);
      else if (this.#inside.get(door.name) !== insideOf(network, door)) open.join(network);
      this.#inside.set(door.name, insideOf(network, door));
    }
    this.onChange();
  }

  close(): void {
    for (const door of this.#open.values()) door.close();
    this.#open.clear();
  }

  async #tryToOpen(network: Network, door: DoorDocument): Promise<void> {
    try {
      this.#open.set(door.name, await openDoor(network, door, this.#options));
      this.#problems.delete(door.name);
    } catch (error) {
      this.#problems.set(door.name, problemOf(door, error as Error));
    }
  }
}

/** A door's end in a network. */
const insideOf = ({ published, devices }: Network, { kind, name }: DoorDocument): unknown =>
  kind === "publish" ? published.get(name) : devices.get(name);

function problemOf(door: DoorDocument, error: Error): Problem {
  const cause = error.cause instanceof PublishError ? error.cause : undefined;
  const params = { door: door.name, ...(cause && { address: cause.address, port: cause.port }) };
  const known: Readonly<Record<string, string>> = { EADDRINUSE: "port-in-use", EACCES: "port-not-allowed" };
  return { code: known[cause?.code ?? ""] ?? "door-not-open", params, text: error.message };
}
