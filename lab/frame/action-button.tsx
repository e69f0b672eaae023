import type { ReactNode } from "react";
import { useText } from "../i18n/index.ts";
import { useActions } from "./actions.ts";
import { useEnabled } from "./enabled.ts";
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
  const enabled = useEnabled(action);
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
      disabled={!enabled}
      onClick={action.run}
    >
      {icon ?? name}
    </button>
  );
}
