import { create } from "zustand";

/** What can be put into a network; `outside` is a port that is published. */
export const KINDS = ["host", "router", "switch", "hub", "outside"] as const;
export type Kind = (typeof KINDS)[number];

/** What the pointer does on the canvas while it is edited. */
export type Tool = "move" | "cable";

/** What is asked before something is done. */
export type Asking =
  | { readonly what: "connect"; readonly from: string }
  | { readonly what: "rename"; readonly device: string }
  | { readonly what: "outside"; readonly host: string | undefined }
  | { readonly what: "conditions"; readonly cable: number; readonly field?: string };

interface EditingMode {
  /** Without it nothing that a pointer does on the canvas changes the network. */
  readonly editing: boolean;
  readonly tool: Tool;
  /** The panel of a device shows what the document says of it, rather than how it stands. */
  readonly settings: boolean;
  readonly asking: Asking | undefined;
}

export const useMode = create<EditingMode>(() => ({
  editing: false,
  tool: "move",
  settings: false,
  asking: undefined,
}));

export const isEditing = (): boolean => useMode.getState().editing;

export const toggleEditing = (): void =>
  useMode.setState(({ editing }) => ({ editing: !editing, settings: !editing, tool: "move" }));

export const beginEditing = (): void => useMode.setState({ editing: true, settings: true });

export const setTool = (tool: Tool): void => useMode.setState({ tool });

export const ask = (asking: Asking | undefined): void => useMode.setState({ asking });

export const toggleSettings = (): void => useMode.setState(({ settings }) => ({ settings: !settings }));
