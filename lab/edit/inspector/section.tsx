import type { ReactNode } from "react";
import { type TextKey, useText } from "../../i18n/index.ts";

/** A titled part of the settings. */
export function Section({ title, children }: { readonly title: TextKey; readonly children: ReactNode }): ReactNode {
  const t = useText();
  return (
    <section className="edit-section" aria-label={t(title)}>
      <h3>{t(title)}</h3>
      {children}
    </section>
  );
}
