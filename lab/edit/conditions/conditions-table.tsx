import type { ReactNode } from "react";
import type { CableWritten } from "../../../src/engine/protocol/index.ts";
import { useText } from "../../i18n/index.ts";
import { CommitField } from "../commit-field.tsx";
import { edit, tryEdit } from "../document.ts";
import { CONDITIONS, conditionOf, EXAMPLES, endOf, isCut, setCondition, setCut, type Way } from "./written.ts";

const WAYS: readonly Way[] = ["both", 0, 1];

interface Props {
  /** Its place among the cables of the document. */
  readonly index: number;
  readonly cable: CableWritten;
  /** The condition that one wants to type first. */
  readonly focused?: string | undefined;
}

/** What a cable does to frames, both ways and by the end that sends. What is typed holds at once. */
export function ConditionsTable({ index, cable, focused }: Props): ReactNode {
  const t = useText();
  const [a, b] = cable.between;
  const nameOf = (way: Way): string =>
    way === "both" ? t("edit.bothWays") : way === 0 ? `${a} → ${b}` : `${b} → ${a}`;
  return (
    <div className="conditions">
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">{t("edit.condition")}</span>
            </th>
            {WAYS.map((way) => (
              <th key={way} scope="col" translate={way === "both" ? undefined : "no"}>
                {nameOf(way)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {CONDITIONS.map((condition) => (
            <tr key={condition}>
              <th scope="row">{t(`edit.${condition}`)}</th>
              {WAYS.map((way) => (
                <td key={way}>
                  {(way === "both" || condition !== "queue") && (
                    <CommitField
                      label={`${t(`edit.${condition}`)}, ${nameOf(way)}`}
                      unlabelled
                      mono
                      value={conditionOf(cable, way, condition)}
                      placeholder={way === "both" ? EXAMPLES[condition] : conditionOf(cable, "both", condition)}
                      autoFocus={way === "both" && condition === focused}
                      commit={(typed) => tryEdit(setCondition(index, cable, way, condition, typed))}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">{t("edit.cut")}</th>
            {WAYS.map((way) => (
              <td key={way}>
                <input
                  type="checkbox"
                  aria-label={`${t("edit.cut")}, ${nameOf(way)}`}
                  data-end={endOf(cable, way)}
                  checked={isCut(cable, way)}
                  onChange={({ target }) => void edit(setCut(index, cable, way, target.checked))}
                />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}
