import type { ITheme } from "@xterm/xterm";

/** The page's colours, for what draws by itself. @param element in the page, where its colours hold */
export function coloursOf(element: HTMLElement): ITheme {
  const probe = document.createElement("span");
  element.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const accent = colour("accent");
  const theme: ITheme = {
    background: colour("surface"),
    foreground: colour("text"),
    cursor: accent,
    cursorAccent: colour("surface"),
    selectionBackground: colour("accent-soft"),
    selectionForeground: colour("text"),
    cyan: accent,
    brightCyan: accent,
    scrollbarSliderBackground: colour("line"),
    scrollbarSliderHoverBackground: colour("line-strong"),
    scrollbarSliderActiveBackground: colour("line-strong"),
  };
  probe.remove();
  return theme;
}
