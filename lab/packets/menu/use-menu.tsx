import { type MouseEvent, type PointerEvent, type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { Menu, type MenuItem } from "./menu.tsx";

/** How long a finger rests until it means what the right button means. Milliseconds. */
const LONG_PRESS = 500;
/** Pixels that it may stray meanwhile. */
const STRAY = 10;

/** What opens a menu: its name, its items, and where it came from. */
export interface Opening {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly x: number;
  readonly y: number;
}

export interface MenuOf {
  /** The menu, while it is open: to be put anywhere in the component. */
  readonly menu: ReactNode;
  readonly open: (opening: Opening) => void;
}

export function useMenu(): MenuOf {
  const [opening, setOpening] = useState<Opening>();
  const close = useCallback(() => setOpening(undefined), []);
  return { menu: opening && <Menu {...opening} onClose={close} />, open: setOpening };
}

/** Opens a menu below a button. */
export const below = (button: Element): { readonly x: number; readonly y: number } => {
  const { left, bottom } = button.getBoundingClientRect();
  return { x: left, y: bottom + 2 };
};

interface Handlers {
  readonly onContextMenu: (event: MouseEvent) => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerUp: () => void;
  readonly onPointerCancel: () => void;
}

/**
 * Right button, context-menu key and long press alike. A browser that makes a context menu of a long press itself has the timer
 * stopped by that.
 * @param onMenu told the element that was meant, and where
 */
export function useContextMenu(onMenu: (target: Element, x: number, y: number) => void): Handlers {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = useRef({ x: 0, y: 0 });
  const latest = useRef(onMenu);
  latest.current = onMenu;
  return useMemo(() => {
    const stop = (): void => clearTimeout(timer.current);
    return {
      onContextMenu: (event) => {
        event.preventDefault();
        stop();
        latest.current(event.target as Element, event.clientX, event.clientY);
      },
      onPointerDown: (event) => {
        stop();
        if (event.pointerType !== "touch") return;
        const { target, clientX: x, clientY: y } = event;
        start.current = { x, y };
        timer.current = setTimeout(() => latest.current(target as Element, x, y), LONG_PRESS);
      },
      onPointerMove: (event) => {
        if (Math.hypot(event.clientX - start.current.x, event.clientY - start.current.y) > STRAY) stop();
      },
      onPointerUp: stop,
      onPointerCancel: stop,
    };
  }, []);
}
