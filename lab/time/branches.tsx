import type { ReactNode } from "react";
import type { BranchInfo } from "../../src/engine/protocol/index.ts";
import { useConnection } from "../connection/index.ts";
import { useText } from "../i18n/index.ts";
import { askToGoOn } from "./commands.ts";
import { clockText } from "./time-text.ts";
import { placeIn, type TimeWindow } from "./window.ts";

const NONE: readonly BranchInfo[] = [];

/** One level below the bars for each of the last branches: from where it left its parent to where it has come. */
const LEVELS = 4;

export function Branches({ window }: { readonly window: TimeWindow }): ReactNode {
  const branches = useConnection(({ state }) => state?.branches ?? NONE);
  const current = useConnection(({ state }) => state?.branch);
  const last = branches.slice(-LEVELS);
  if (branches.length < 2) return null;
  return last.map(({ id, from, to }, level) => (
    <path
      key={id}
      className={id === current ? "branch-line branch-current" : "branch-line"}
      d={`M${placeIn(window, from)} ${0.3 + level * 0.14}H${placeIn(window, to)}`}
    />
  ));
}

/** People count from 1. */
export const branchNumber = (id: number): number => id + 1;

/** Goes on with another branch where it ended, when there is one. */
export function BranchPicker(): ReactNode {
  const t = useText();
  const branches = useConnection(({ state }) => state?.branches ?? NONE);
  const current = useConnection(({ state }) => state?.branch);
  if (branches.length < 2) return null;
  const pick = (id: number): void => {
    const branch = branches.find((each) => each.id === id);
    if (branch !== undefined && id !== current) askToGoOn(branch.to, id);
  };
  return (
    <label className="range">
      <span className="unseen">{t("time.branchPick")}</span>
      <select value={current} onChange={({ target }) => pick(Number(target.value))}>
        {branches.map(({ id, parent, from }) => (
          <option key={id} value={id}>
            {parent === undefined
              ? t("time.branch", { branch: branchNumber(id) })
              : t("time.branchFrom", { branch: branchNumber(id), time: clockText(from) })}
          </option>
        ))}
      </select>
    </label>
  );
}
