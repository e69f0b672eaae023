import type { ReactNode } from "react";
import { useText } from "../i18n/index.ts";
import { type ActionGroup, useActions } from "./actions.ts";
import { Dialog } from "./dialog.tsx";
import { GROUP_NAMES } from "./groups.ts";
import { openOverlay } from "./overlays.ts";
import { Keys } from "./palette.tsx";

/** All actions that a key does, by group. */
export function Shortcuts(): ReactNode {
  const t = useText();
  const actions = useActions((state) => state.actions).filter(({ shortcut }) => shortcut !== undefined);
  const groups = (Object.keys(GROUP_NAMES) as ActionGroup[]).filter((group) => actions.some((a) => a.group === group));
  return (
    <Dialog title={t("frame.shortcuts")} onClose={() => openOverlay(undefined)} className="shortcuts">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls by the keyboard too */}
      <section className="shortcut-groups" aria-label={t("frame.shortcuts")} tabIndex={0}>
        {groups.map((group) => (
          <section key={group}>
            <h3>{t(GROUP_NAMES[group])}</h3>
            <dl>
              {actions
                .filter((action) => action.group === group)
                .map((action) => (
                  <div key={action.id}>
                    <dt>{t(action.text, action.params)}</dt>
                    <dd>
                      <Keys shortcut={action.shortcut} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </section>
    </Dialog>
  );
}
