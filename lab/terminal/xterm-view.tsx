import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { type ReactNode, useEffect, useRef } from "react";
import { onPush, useConnection } from "../connection/index.ts";
import { actionOf, isEnabled } from "../frame/actions.ts";
import { useTheme } from "../frame/theme.ts";
import { useText } from "../i18n/index.ts";
import { coloursOf } from "./colours.ts";
import { lawfulStyles } from "./lawful-styles.ts";
import { resize, shownOn, type, useTerminals } from "./terminals.ts";

/** Empties the terminal (RIS) after all that is still to be written, which xterm's own reset would not. */
const RESET = "\x1bc";

interface Props {
  readonly terminal: number;
  readonly host: string;
}

/** A terminal of the engine on an xterm. It begins with what stands there, and is made anew after a break. */
export function XtermView({ terminal, host }: Props): ReactNode {
  const t = useText();
  const place = useRef<HTMLDivElement>(null);
  const xterm = useRef<Terminal>(undefined);
  const session = useConnection((all) => all.session);
  const branch = useConnection((all) => all.state?.branch);
  const drawn = useTheme((all) => all.drawn);
  const screenReader = useTerminals((all) => all.screenReader);
  const focused = useTerminals((all) => all.focused);
  const name = t("terminal.on", { host });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another session or branch has other output
  useEffect(() => {
    if (place.current === null) return;
    const made = show(terminal, place.current);
    xterm.current = made.xterm;
    return made.end;
  }, [terminal, session, branch]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: for the xterm that was made last
  useEffect(() => {
    const { current } = xterm;
    if (current === undefined || place.current === null) return;
    current.options.theme = coloursOf(place.current);
    current.options.screenReaderMode = screenReader;
    current.textarea?.setAttribute("aria-label", name);
  }, [drawn, screenReader, name, terminal, session, branch]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it counts wishes for the keyboard
  useEffect(() => {
    if (focused > 0) xterm.current?.focus();
  }, [focused, terminal]);

  return <div className="terminal-screen" ref={place} />;
}

function show(terminal: number, place: HTMLElement): { readonly xterm: Terminal; readonly end: () => void } {
  const { fontFamily } = getComputedStyle(place);
  const xterm = new Terminal({
    fontFamily,
    fontSize: 13,
    scrollback: 2000,
    cursorBlink: false,
    theme: coloursOf(place),
  });
  const fit = new FitAddon();
  xterm.loadAddon(fit);
  const endStyles = lawfulStyles();
  xterm.open(place);
  if (xterm.textarea !== undefined) xterm.textarea.dataset.autofocus = "";
  xterm.attachCustomKeyEventHandler((event) => handle(event, xterm));
  xterm.onData((text) => type(terminal, text));
  xterm.onResize(({ cols, rows }) => resize(terminal, cols, rows));
  const observer = new ResizeObserver(() => {
    if (place.offsetParent !== null) fit.fit();
  });
  observer.observe(place);
  let isThere = true;
  let isFilled = false;
  const endPush = onPush("terminal", (push) => {
    if (isFilled && push.terminal === terminal) xterm.write(push.text);
  });
  const endAll = onPush("terminals", ({ terminals }) => {
    const own = terminals.find((each) => each.terminal === terminal);
    if (own === undefined) return;
    isFilled = true;
    xterm.write(RESET + own.shown);
  });
  shownOn(terminal).then(
    (shown) => {
      if (!isThere) return;
      // From here on what is pushed is what is not yet in it.
      isFilled = true;
      xterm.write(RESET + (shown ?? ""));
      resize(terminal, xterm.cols, xterm.rows);
    },
    () => {},
  );
  return {
    xterm,
    end: () => {
      isThere = false;
      endPush();
      endAll();
      observer.disconnect();
      xterm.dispose();
      endStyles();
    },
  };
}

/** @returns whether a key is the terminal's */
function handle(event: KeyboardEvent, xterm: Terminal): boolean {
  const { key, ctrlKey, shiftKey, altKey, metaKey } = event;
  // The way out: to what stands before.
  if (key === "Tab" && shiftKey) return false;
  if (ctrlKey && !altKey && key.toLowerCase() === "c" && (shiftKey || xterm.hasSelection())) {
    if (event.type === "keydown" && xterm.hasSelection()) {
      void navigator.clipboard.writeText(xterm.getSelection());
      xterm.clearSelection();
    }
    event.preventDefault();
    return false;
  }
  // The browser's own paste comes in as one text.
  if ((ctrlKey || metaKey) && key.toLowerCase() === "v") return false;
  if (altKey && !ctrlKey && /^\d$/.test(key)) {
    const action = event.type === "keydown" ? actionOf(event, null) : undefined;
    if (action !== undefined && isEnabled(action)) action.run();
    event.preventDefault();
    return false;
  }
  return true;
}
