import { type ReactNode, useState } from "react";
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
        {shut.map(({ name, problem }) => (
          <p key={name}>
            <strong>
              {t("frame.doorShut", {
                door: name,
                why: textOfCode("problems", problem?.code ?? "", problem?.params, problem?.text),
              })}
            </strong>{" "}
            {problem?.code === "port-in-use" && t("frame.doorPort", { door: name })}
          </p>
        ))}
      </div>
      <span className="grow" />
      <button type="button" className="button" onClick={() => setDismissed(engine)}>
        {t("frame.dismiss")}
      </button>
    </div>
  );
}
