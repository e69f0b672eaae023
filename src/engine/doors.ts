import type { DoorDocument, NetworkDocument } from "../network/document.ts";
import type { Network } from "../network/network.ts";
import type { DoorInfo } from "./protocol/network.ts";

/**
 * The real ends of a network's published ports, tunnels and streams. They stay where they are while one network takes the
 * place of another: who goes on from the past keeps the ports, and nothing else that is outside.
 */
export interface EngineDoors {
  /** Every door of the document, in its order. */
  readonly info: readonly DoorInfo[];
  /** Called when {@link info} has changed. */
  onChange: () => void;
  /**
   * Joins the real ends to a network of a document: closes the doors that it does not have, opens those that are new, and says in the
   * info of one why it cannot be opened; nothing is thrown. A door that was joined to this network already stays as it is; who is
   * connected by another to the network before is reset.
   */
  attach(network: Network, document: NetworkDocument): Promise<void>;
  /** Closes all of them. */
  close(): void;
}

/** What a door is, whether or not it can be opened. */
export function describeDoor(door: DoorDocument): DoorInfo {
  const { name, kind } = door;
  if (door.kind !== "publish") return { name, kind };
  const { protocol, from, to } = door;
  return { name, kind, protocol, from, to: `${to.address}:${to.port}` };
}

/** The doors of an engine that has no outside, as in a browser: all of them are shut, and say so. */
export class ShutDoors implements EngineDoors {
  info: readonly DoorInfo[];
  onChange = (): void => {};

  constructor(document: NetworkDocument) {
    this.info = shut(document);
  }

  attach(_: Network, document: NetworkDocument): Promise<void> {
    this.info = shut(document);
    this.onChange();
    return Promise.resolve();
  }

  close(): void {}
}

function shut({ doors }: NetworkDocument): DoorInfo[] {
  const text = "Nothing can come in from outside here. Run the network with Node on your machine to open it.";
  return doors.map((door) => ({ ...describeDoor(door), problem: { code: "no-outside", text } }));
}
