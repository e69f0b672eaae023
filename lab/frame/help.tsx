import type { ReactNode } from "react";
import { useConnection } from "../connection/index.ts";
import { LANGUAGES, useLanguage, useText } from "../i18n/index.ts";
import { useActions } from "./actions.ts";
import { Dialog } from "./dialog.tsx";
import { useEnabled } from "./enabled.ts";
import { openOverlay } from "./overlays.ts";
import { type Theme, useTheme } from "./theme.ts";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** The way to the first steps and the shortcuts, and the settings of the page. */
export function Help(): ReactNode {
  const t = useText();
  const isAlone = useConnection(({ welcome }) => welcome?.platform === "worker");
  const theme = useTheme((state) => state.theme);
  const language = useLanguage((state) => state.language);
  return (
    <Dialog title={t("frame.helpTitle")} onClose={() => openOverlay(undefined)}>
      <Group title={t("frame.begin")}>
        <Choice id="help.firstSteps" />
        <Choice id="help.shortcuts" />
        <Choice id="help.palette" />
        {isAlone && <Choice id="help.alone" />}
      </Group>
      <Group title={t("frame.themeNow")}>
        {THEMES.map((each) => (
          <Choice key={each} id={`view.${each}`} pressed={each === theme} stay />
        ))}
      </Group>
      <Group title={t("frame.language")}>
        {Object.keys(LANGUAGES).map((each) => (
          <Choice key={each} id={`view.language.${each}`} pressed={each === language} stay />
        ))}
      </Group>
    </Dialog>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <section className="help-group">
      <h3>{title}</h3>
      <div className="help-row">{children}</div>
    </section>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly pressed?: boolean;
  /** Whether the window stays open: for settings, whose effect is seen at once. */
  readonly stay?: boolean;
}

function Choice({ id, pressed, stay = false }: ChoiceProps): ReactNode {
  const t = useText();
  const action = useActions(({ actions }) => actions.find((each) => each.id === id));
  const enabled = useEnabled(action);
  if (action === undefined) return null;
  const run = (): void => {
    if (stay) {
      action.run();
      return;
    }
    openOverlay(undefined);
    // Once the dialog has given the focus back.
    requestAnimationFrame(action.run);
  };
  return (
    <button type="button" className="button" aria-pressed={pressed} disabled={!enabled} onClick={run}>
      {t(action.text, action.params)}
    </button>
  );
}
