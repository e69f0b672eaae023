import { type FormEvent, type ReactNode, useState } from "react";
import type { DocumentProblem } from "../../src/engine/protocol/index.ts";
import { useConnection } from "../connection/index.ts";
import { Dialog } from "../frame/dialog.tsx";
import { useText } from "../i18n/index.ts";
import { selectDevice } from "../selection.ts";
import { connect } from "./commands.ts";
import { CableConditions } from "./conditions/cable-conditions.tsx";
import { type Outcome, tryEdit, useDocument } from "./document.ts";
import { Choice, Line, Problems } from "./fields.tsx";
import type { Asking } from "./mode.ts";
import { freeName } from "./names.ts";

interface Props {
  readonly asking: Asking;
  readonly onClose: () => void;
}

/** What is asked before something is done. */
export function Questions({ asking, onClose }: Props): ReactNode {
  if (asking.what === "connect") return <ConnectTo from={asking.from} onClose={onClose} />;
  if (asking.what === "rename") return <Rename device={asking.device} onClose={onClose} />;
  if (asking.what === "outside") return <Publish host={asking.host} onClose={onClose} />;
  return <CableConditions index={asking.cable} field={asking.field} onClose={onClose} />;
}

interface FormProps {
  readonly title: string;
  readonly done: string;
  readonly problems: readonly DocumentProblem[];
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A window with a few fields; Enter does it. */
function AskingForm({ title, done, problems, onSubmit, onClose, children }: FormProps): ReactNode {
  const t = useText();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="edit-form" onSubmit={submit}>
        {children}
        <Problems problems={problems} />
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            {t("edit.cancel")}
          </button>
          <button type="submit" className="button primary">
            {done}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A cable without a pointer: from a device to one that is chosen. */
function ConnectTo({ from, onClose }: { readonly from: string; readonly onClose: () => void }): ReactNode {
  const t = useText();
  const devices = useConnection(({ network }) => network?.devices) ?? [];
  const others = devices.map(({ name }) => name).filter((name) => name !== from);
  const [to, setTo] = useState(others[0] ?? "");
  const submit = (): void => {
    onClose();
    if (to !== "") void connect(from, to);
  };
  return (
    <AskingForm
      title={t("edit.connectTitle", { device: from })}
      done={t("edit.connectDo")}
      problems={[]}
      onSubmit={submit}
      onClose={onClose}
    >
      {others.length === 0 ? (
        <p>{t("edit.connectNobody")}</p>
      ) : (
        <Choice label={t("edit.connectTo")} value={to} options={others} onChoose={setTo} autoFocus />
      )}
    </AskingForm>
  );
}

function Rename({ device, onClose }: { readonly device: string; readonly onClose: () => void }): ReactNode {
  const t = useText();
  const [name, setName] = useState(device);
  const [problems, setProblems] = useState<readonly DocumentProblem[]>([]);
  const submit = async (): Promise<void> => {
    const to = name.trim();
    if (to !== device) {
      const outcome = await tryEdit([{ do: "device.rename", name: device, to }]);
      if (!outcome.taken) {
        setProblems(outcome.problems);
        return;
      }
      selectDevice(to);
    }
    onClose();
  };
  return (
    <AskingForm
      title={t("edit.renameTitle", { device })}
      done={t("edit.renameDo")}
      problems={problems}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Line label={t("edit.name")} value={name} onType={setName} autoFocus />
    </AskingForm>
  );
}

/** A port of the real machine that leads into the network. */
function Publish({ host, onClose }: { readonly host: string | undefined; readonly onClose: () => void }): ReactNode {
  const t = useText();
  const devices = useConnection(({ network }) => network?.devices) ?? [];
  const hosts = devices.filter(({ kind }) => kind === "host" || kind === "router").map(({ name }) => name);
  const [from, setFrom] = useState(host ?? hosts[0] ?? "");
  const [protocol, setProtocol] = useState<"tcp" | "udp">("tcp");
  const [real, setReal] = useState("127.0.0.1:8080");
  const [to, setTo] = useState(`${hosts.find((name) => name !== from) ?? from}:80`);
  const [problems, setProblems] = useState<readonly DocumentProblem[]>([]);
  const submit = async (): Promise<void> => {
    const doors = useDocument.getState().document?.network.doors ?? {};
    const name = freeName("outside", [...Object.keys(doors), ...devices.map((each) => each.name)]);
    const door = { publish: protocol, real: real.trim(), from, to: to.trim() };
    const outcome: Outcome = await tryEdit([{ do: "door.add", name, door }]);
    if (outcome.taken) {
      onClose();
      selectDevice(from);
    } else setProblems(outcome.problems);
  };
  return (
    <AskingForm
      title={t("edit.publishTitle")}
      done={t("edit.publishDo")}
      problems={problems}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      {hosts.length === 0 ? (
        <p>{t("edit.publishNobody")}</p>
      ) : (
        <>
          <p className="muted">{t("edit.publishWhat")}</p>
          <Choice label={t("edit.publishFrom")} value={from} options={hosts} onChoose={setFrom} autoFocus />
          <Choice
            label={t("edit.protocol")}
            value={protocol}
            options={["tcp", "udp"]}
            onChoose={(chosen) => setProtocol(chosen === "udp" ? "udp" : "tcp")}
          />
          <Line label={t("edit.publishReal")} value={real} onType={setReal} mono />
          <Line label={t("edit.publishTo")} value={to} onType={setTo} mono />
        </>
      )}
    </AskingForm>
  );
}
