import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";

export interface MenuItem {
  readonly id: string;
  readonly text: string;
  readonly run: () => void;
  readonly enabled?: boolean;
  /** A line stands above it. */
  readonly apart?: true;
}

interface Props {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Pixels of the window: where its corner is wanted. */
  readonly x: number;
  readonly y: number;
  readonly onClose: () => void;
}

/** A menu at a place of the window. It takes the focus and gives it back. */
export function Menu({ label, items, x, y, onClose }: Props): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState({ x, y });
  useLayoutEffect(() => {
    const menu = ref.current;
    const before = document.activeElement as HTMLElement | null;
    if (menu === null) return;
    menu.showPopover();
    const { width, height } = menu.getBoundingClientRect();
    setAt({
      x: Math.max(4, Math.min(x, innerWidth - width - 4)),
      y: Math.max(4, Math.min(y, innerHeight - height - 4)),
    });
    menu.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    return () => {
      const inside = menu.contains(document.activeElement) || document.activeElement === document.body;
      if (inside) before?.focus();
    };
  }, [x, y]);
  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (!ref.current?.contains(event.target as Node)) onClose();
    };
    addEventListener("pointerdown", outside, true);
    addEventListener("blur", onClose);
    return () => {
      removeEventListener("pointerdown", outside, true);
      removeEventListener("blur", onClose);
    };
  }, [onClose]);
  const run = (item: MenuItem): void => {
    if (item.enabled === false) return;
    onClose();
    item.run();
  };
  return (
    <div
      ref={ref}
      popover="manual"
      className="menu"
      role="menu"
      aria-label={label}
      style={{ left: at.x, top: at.y }}
      onKeyDown={(event) => onMenuKey(event, onClose)}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={item.apart ? "apart" : undefined}
          aria-disabled={item.enabled === false || undefined}
          onClick={() => run(item)}
        >
          {item.text}
        </button>
      ))}
    </div>
  );
}

/** Arrows go round, a letter goes to the next item that begins with it, Escape and Tab close. */
function onMenuKey(event: KeyboardEvent<HTMLElement>, onClose: () => void): void {
  event.stopPropagation();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  const to = steps[event.key];
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    onClose();
  } else if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length)?.focus();
  } else if (event.key.length === 1 && event.key !== " ") {
    const letter = event.key.toLowerCase();
    const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    after.find((item) => item.textContent?.trim().toLowerCase().startsWith(letter))?.focus();
  }
}
