import type { ReactNode } from "react";
import { useText } from "../i18n/index.ts";
import { isEnabled, useActions } from "./actions.ts";
import { keysOf } from "./shortcut.ts";

export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);

interface Props {
  readonly id: string;
  /** What it shows in place of its text, which then is its name. */
  readonly icon?: ReactNode;
  readonly className?: string;
  readonly pressed?: boolean;
}

/** A button for an action of the list: its text, its shortcut as a hint, and whether it can be done. */
export function ActionButton({ id, icon, className = "", pressed }: Props): ReactNode {
  const t = useText();
  const action = useActions(({ actions }) => actions.find((each) => each.id === id));
  if (action === undefined) return null;
  const name = t(action.text, action.params);
  const hint = action.shortcut === undefined ? name : `${name} (${keysOf(action.shortcut, IS_MAC).join("+")})`;
  return (
    <button
      type="button"
      className={`button ${icon === undefined ? "" : "icon"} ${className}`}
      title={hint}
      aria-label={icon === undefined ? undefined : name}
      aria-pressed={pressed}
      disabled={!isEnabled(action)}
      onClick={action.run}
    >
      {icon ?? name}
    </button>
  );
}
