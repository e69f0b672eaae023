import { type ReactNode, useId } from "react";
import { useText } from "../i18n/index.ts";

interface Props {
  readonly title: string;
  readonly heads: readonly string[];
  /** A row is keyed by its cells; the first is its head. */
  readonly rows: readonly (readonly ReactNode[])[];
  /** What it says without a row. */
  readonly none: string;
}

/** A titled table of what a device knows, which can be folded away. */
export function Table({ title, heads, rows, none }: Props): ReactNode {
  const t = useText();
  const id = useId();
  return (
    <details className="host-section" open>
      <summary>
        <h3 id={id}>{title}</h3>
        {rows.length > 0 && <span className="muted">{rows.length}</span>}
      </summary>
      {rows.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls by the keyboard too
        <section className="host-scroll" tabIndex={0} aria-label={t("host.table", { title })}>
          <table aria-labelledby={id}>
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((cells, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
                <tr key={index}>
                  {cells.map((cell, at) => (
                    <td key={heads[at]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
