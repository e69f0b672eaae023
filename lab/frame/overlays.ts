import { create } from "zustand";

export type Overlay = "palette" | "shortcuts" | "help" | "alone";

/** The window that is open over the page. */
export const useOverlay = create<{ readonly overlay: Overlay | undefined }>(() => ({ overlay: undefined }));

export const openOverlay = (overlay: Overlay | undefined): void => useOverlay.setState({ overlay });
