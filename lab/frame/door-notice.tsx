import { type ReactNode, useState } from "react";
import type { DoorInfo } from "../../src/engine/protocol/index.ts";
import { useConnection } from "../connection/index.ts";
import { textOfCode, useText } from "../i18n/index.ts";

/** Says of doors that could not be opened why, and what to do. An engine without an outside has none to open. */
export function DoorNotice(): ReactNode {
  const t = useText();
  const doors = useConnection(({ network }) => network?.doors);
  const engine = useConnection(({ welcome }) => welcome?.engine);
  const [dismissed, setDismissed] = useState<string>();
  const shut = doors?.filter(({ problem }) => problem !== undefined && problem.code !== "no-outside") ?? [];
  if (shut.length === 0 || engine === undefined || dismissed === engine) return null;
  return (
    <div className="page-notice">
      <div role="alert">
        <ShutDoors doors={shut} />
      </div>
      <span className="grow" />
      <button type="button" className="button" onClick={() => setDismissed(engine)}>
        {t("frame.dismiss")}
      </button>
    </div>
  );
}

/** One notice for however many: two labs on one machine want the same ports, all of them. */
function ShutDoors({ doors }: { readonly doors: readonly DoorInfo[] }): ReactNode {
  const t = useText();
  const [only, ...others] = doors;
  const taken = doors.some(({ problem }) => problem?.code === "port-in-use");
  if (only !== undefined && others.length === 0) {
    return (
      <p>
        <strong>{t("frame.doorShut", { door: only.name, why: whyShut(only) })}</strong>{" "}
        {taken && t("frame.doorPort", { door: only.name })}
      </p>
    );
  }
  const named = doors.map((door) => {
    const port = door.problem?.code === "port-in-use" ? door.problem.params?.port : undefined;
    return `${door.name} (${port ?? whyShut(door)})`;
  });
  return (
    <p>
      <strong>{t("frame.doorsShut", { doors: named.join(", ") })}</strong> {taken && t("frame.doorsPorts")}
    </p>
  );
}

const whyShut = ({ problem }: DoorInfo): string =>
  textOfCode("problems", problem?.code ?? "", problem?.params, problem?.text);
