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
   * Joins the real ends to a network, and opens those that are not open yet. Whoever is connected through the network before is
   * reset. What cannot be opened says why in its info; nothing is thrown.
   */
  attach(network: Network): Promise<void>;
  /**
   * The network's document has become another: closes the doors that it does not have, and opens those that are new; all others stay
   * as they are, with who is connected.
   */
  change(document: NetworkDocument, network: Network): Promise<void>;
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

  change(document: NetworkDocument): Promise<void> {
    this.info = shut(document);
    this.onChange();
    return Promise.resolve();
  }

  attach(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {}
}

function shut({ doors }: NetworkDocument): DoorInfo[] {
  const text = "Nothing can come in from outside here. Run the network with Node on your machine to open it.";
  return doors.map((door) => ({ ...describeDoor(door), problem: { code: "no-outside", text } }));
}
