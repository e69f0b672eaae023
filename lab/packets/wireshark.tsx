import type { ReactNode } from "react";
import { useConnection } from "../connection/index.ts";
import { Dialog } from "../frame/dialog.tsx";
import { useText } from "../i18n/index.ts";
import { copyText } from "./copy.ts";
import { fileName, saveCapture } from "./export.ts";
import { usePackets } from "./store.ts";

/** A word as a shell takes it. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** How to have these packets in Wireshark: live through a pipe, or from a file. */
export function OpenInWireshark(): ReactNode {
  const t = useText();
  const network = useConnection((all) => all.network);
  const close = (): void => usePackets.setState({ asking: undefined });
  const file = fileName(network?.name ?? "", "pcapng");
  const pipe = `npx netarium run ${quoted(network?.file ?? "FILE")} --seed ${network?.seed ?? 0} --pcap - | wireshark -k -i -`;
  return (
    <Dialog title={t("packets.wireshark")} onClose={close}>
      <p>{t("packets.wiresharkLive")}</p>
      <Command text={pipe} />
      <p>{t("packets.wiresharkFile")}</p>
      <div>
        <button type="button" className="button" onClick={() => void saveCapture(file, undefined)}>
          {t("packets.wiresharkSave")}
        </button>
      </div>
      <Command text={`wireshark ${quoted(file)}`} />
    </Dialog>
  );
}

function Command({ text }: { readonly text: string }): ReactNode {
  const t = useText();
  return (
    <div className="command">
      <code>{text}</code>
      <button type="button" className="button" onClick={() => void copyText(text)}>
        {t("packets.copyCommand")}
      </button>
    </div>
  );
}
