import type { Problem } from "./problem.ts";
import type {
  CableWritten,
  DeviceWritten,
  DoorWritten,
  FaultWritten,
  Fragment,
  HostWritten,
  HubWritten,
  InterfaceWritten,
  NetworkWritten,
  Position,
  ProgramWritten,
} from "./written.ts";

/** The document of the network that runs. */
export interface DocumentState {
  /** Another at each change: who edits says which one they have seen. */
  readonly version: number;
  /** Where it was read from, or which example it is. */
  readonly file: string;
  readonly text: string;
  /** What the text says, as plain data. */
  readonly network: NetworkWritten;
  /** Warnings: with an error it would not be the document. */
  readonly problems: readonly DocumentProblem[];
  /** Whether its text is another than when it was opened or said to be saved. */
  readonly changed: boolean;
  /** What undo takes back, the last step first; at most {@link STEPS_TOLD} of them. */
  readonly undo: readonly DocumentStep[];
  /** What redo does again, the next step first. */
  readonly redo: readonly DocumentStep[];
}

/** Steps that are told of those that can be undone or redone. */
export const STEPS_TOLD = 20;

/** One step that can be undone, whatever number of commands it was. */
export interface DocumentStep {
  /** Its first command; or the text was replaced, or going back in time has brought back an older document. */
  readonly what: DocumentCommand["do"] | "replace" | "time";
  readonly commands: number;
  /** What it was about: names of devices, doors, hosts and ends of cables, some of them. */
  readonly names: readonly string[];
}

/** Something wrong with a document, or with what would come of a command. */
export interface DocumentProblem extends Problem {
  readonly severity: "error" | "warning";
  /** Where in the text, both from 1; of a command, in the text that it would make, where it would make one. */
  readonly line?: number;
  readonly column?: number;
  /** What to do. */
  readonly hint?: string;
  /** Which of the commands, from 0. */
  readonly command?: number;
}

/** What changes: null takes a key away, and a key that is not named stays. */
export type Changes<T> = { readonly [Key in keyof T]?: T[Key] | null };

/** What holds of a cable both ways, or of what one end sends. */
export type CableChanges = Changes<Omit<CableWritten, "between" | "from">>;
export type HostChanges = Changes<Omit<HostWritten, "programs" | "interfaces"> & Omit<HubWritten, "kind">>;
export type NetworkChanges = Changes<
  Omit<NetworkWritten, "netarium" | "devices" | "cables" | "doors" | "faults" | "layout">
>;

/** An edit. Cables, programs and faults are named by their place in the document's lists, from 0. */
export type DocumentCommand =
  | { readonly do: "device.add"; readonly name: string; readonly device: DeviceWritten; readonly at?: Position }
  /** Of a device or a door. Whatever names it names it anew. */
  | { readonly do: "device.rename"; readonly name: string; readonly to: string }
  /** Of another kind it is another device, with nothing but its name and cables. */
  | { readonly do: "device.set"; readonly name: string; readonly set: HostChanges }
  /** Adds an interface, or changes one; null takes it away. A device with one address of its own gets a list of interfaces by it. */
  | {
      readonly do: "interface.set";
      readonly device: string;
      readonly interface: string;
      readonly set: Changes<InterfaceWritten> | null;
    }
  /** Where devices and doors stand; null for no place of their own. */
  | { readonly do: "layout.set"; readonly positions: Readonly<Record<string, Position | null>> }
  /**
   * Takes devices and doors away, with their cables, faults and places, and cables. Published ports at which nobody could come in
   * any more go as well; who was to be reached by the name of a device that goes is named by its address instead.
   */
  | { readonly do: "remove"; readonly devices?: readonly string[]; readonly cables?: readonly number[] }
  | { readonly do: "cable.add"; readonly cable: CableWritten }
  /** @property from the end, as `between` has it, for what it alone sends; both ways unless given */
  | { readonly do: "cable.set"; readonly cable: number; readonly from?: string; readonly set: CableChanges }
  | { readonly do: "program.add"; readonly host: string; readonly program: ProgramWritten }
  | { readonly do: "program.set"; readonly host: string; readonly index: number; readonly program: ProgramWritten }
  | { readonly do: "program.remove"; readonly host: string; readonly index: number }
  | { readonly do: "door.add"; readonly name: string; readonly door: DoorWritten; readonly at?: Position }
  | { readonly do: "door.set"; readonly name: string; readonly door: DoorWritten }
  | { readonly do: "fault.add"; readonly fault: FaultWritten }
  | { readonly do: "fault.set"; readonly index: number; readonly fault: FaultWritten }
  | { readonly do: "fault.remove"; readonly index: number }
  | { readonly do: "network.set"; readonly set: NetworkChanges }
  /**
   * Adds copies of devices and the cables between them under free names. Addresses that are free are kept, or all of them cleared.
   * @property by how far from where the fragment stands
   */
  | {
      readonly do: "paste";
      readonly fragment: Fragment;
      readonly addresses: "keep" | "clear";
      readonly by?: Position;
    };

/** What came of an edit: a document with an error is not taken. */
export type DocumentAnswer =
  | {
      readonly taken: true;
      readonly version: number;
      /** Devices and doors that there were not before, by the names that they got. */
      readonly added: readonly string[];
    }
  | { readonly taken: false; readonly problems: readonly DocumentProblem[] };

export interface DocumentCheck {
  readonly problems: readonly DocumentProblem[];
  /** What it says; undefined with an error. */
  readonly network?: NetworkWritten;
}

/** A network that can be opened by its name. */
export interface ExampleInfo {
  /** `"chat-room"` */
  readonly name: string;
  /** What its document calls it. */
  readonly title: string;
  /** The comment at its beginning. */
  readonly about: string;
}
