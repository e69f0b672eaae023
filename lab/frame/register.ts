import { chooseLanguage, LANGUAGES, type Language } from "../i18n/index.ts";
import { type Action, registerActions } from "./actions.ts";
import { openOverlay } from "./overlays.ts";
import { openPanel, type PanelId, usePanels } from "./panels.ts";
import { chooseTheme } from "./theme.ts";

const goTo = (panel: PanelId, text: Action["text"], shortcut: string): Action => ({
  id: `go.${panel}`,
  group: "go",
  text,
  shortcut,
  run: () => openPanel(panel),
  enabled: () => usePanels.getState().panels.some(({ id }) => id === panel),
});

registerActions([
  goTo("canvas", "frame.showCanvas", "Alt+1"),
  goTo("packets", "frame.showPackets", "Alt+2"),
  goTo("terminal", "frame.showTerminal", "Alt+3"),
  goTo("host", "frame.showHost", "Alt+4"),
  goTo("log", "frame.showLog", "Alt+5"),
  goTo("time", "frame.showTime", "Alt+6"),
  goTo("text", "frame.showText", "Alt+7"),
  {
    id: "view.side",
    group: "view",
    text: "frame.toggleSide",
    shortcut: "Mod+B",
    run: () => usePanels.setState(({ sideShown }) => ({ sideShown: !sideShown })),
  },
  {
    id: "view.below",
    group: "view",
    text: "frame.toggleBelow",
    shortcut: "Mod+J",
    run: () => usePanels.setState(({ belowShown }) => ({ belowShown: !belowShown })),
  },
  {
    id: "view.canvas",
    group: "view",
    text: "frame.toggleCanvas",
    shortcut: "Alt+0",
    run: () => usePanels.setState(({ canvasShown }) => ({ canvasShown: !canvasShown, belowShown: true })),
  },
  { id: "view.system", group: "view", text: "frame.themeSystem", run: () => chooseTheme("system") },
  { id: "view.light", group: "view", text: "frame.themeLight", run: () => chooseTheme("light") },
  { id: "view.dark", group: "view", text: "frame.themeDark", run: () => chooseTheme("dark") },
  { id: "help.palette", group: "help", text: "frame.palette", shortcut: "Mod+K", run: () => openOverlay("palette") },
  { id: "help.open", group: "help", text: "frame.help", run: () => openOverlay("help") },
  { id: "help.shortcuts", group: "help", text: "frame.shortcuts", shortcut: "?", run: () => openOverlay("shortcuts") },
  ...Object.entries(LANGUAGES).map(
    ([language, name]): Action => ({
      id: `view.language.${language}`,
      group: "view",
      text: "frame.useLanguage",
      params: { language: name },
      run: () => void chooseLanguage(language as Language),
    }),
  ),
]);
