import { create } from "zustand";

export type Theme = "system" | "light" | "dark";

const KEPT = "netarium-theme";

/** Which theme was chosen, and whether what shows now is dark. `drawn` grows whenever colours have changed. */
export const useTheme = create<{ theme: Theme; dark: boolean; drawn: number }>(() => ({
  theme: "system",
  dark: false,
  drawn: 0,
}));

const system = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

function show(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  const dark = theme === "dark" || (theme === "system" && system().matches);
  useTheme.setState(({ drawn }) => ({ theme, dark, drawn: drawn + 1 }));
}

/** Switches to a theme, and remembers it. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEPT, theme);
  show(theme);
}

/** The theme that was chosen, else the system's, which is followed. */
export function beginTheme(): void {
  const kept = localStorage.getItem(KEPT);
  show(kept === "light" || kept === "dark" ? kept : "system");
  system().addEventListener("change", () => show(useTheme.getState().theme));
}
