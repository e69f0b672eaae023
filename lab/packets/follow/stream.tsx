import { type ReactNode, useEffect, useMemo, useState } from "react";
import type { FollowedStream } from "../../../src/engine/protocol/index.ts";
import { formatCount } from "../../i18n/format.ts";
import { useText } from "../../i18n/index.ts";
import { selectEvent } from "../../selection.ts";
import { copyText } from "../copy.ts";
import { hexDump } from "../detail/hex-lines.ts";
import { Empty } from "../empty.tsx";
import { fileName, save } from "../export.ts";
import { problemText } from "../problem.ts";
import { showOnlyStream } from "../session.ts";
import { usePackets } from "../store.ts";
import { useAnswer } from "../use-answer.ts";
import { joinedBytes, readable, type Said, type Side, said, sums, written } from "./pieces.ts";

const SIDES: readonly Side[] = ["both", "client", "server"];
const FORMS = ["text", "hex"] as const;
const LAYERS = ["tls", "tcp"] as const;
/** Pieces that are drawn before one asks for more. */
const AT_ONCE = 1_000;

type Form = (typeof FORMS)[number];
type Layer = (typeof LAYERS)[number];

/** What both sides of a conversation have said, in order. */
export function Stream(): ReactNode {
  const t = useText();
  const event = usePackets((all) => all.conversation);
  const [layer, setLayer] = useState<Layer>();
  const asked = useAnswer("packets.follow", event, layer);
  const filter = asked.kind === "here" ? asked.answer.filter : undefined;
  useEffect(() => {
    if (filter !== undefined) showOnlyStream(filter);
  }, [filter]);
  if (event === undefined) return <Empty title={t("packets.streamNone")} text={t("packets.streamNoneHint")} />;
  if (asked.kind === "failed")
    return <Empty failed title={t("packets.streamFailed")} text={problemText(asked.problem)} />;
  if (asked.kind === "waiting")
    return (
      <div className="empty" role="status">
        {t("frame.loading")}
      </div>
    );
  return <Conversation stream={asked.answer} setLayer={setLayer} />;
}

interface ConversationProps {
  readonly stream: FollowedStream;
  /** Asks for the bytes of another layer, where there is a choice. */
  readonly setLayer: (layer: Layer) => void;
}

function Conversation({ stream, setLayer }: ConversationProps): ReactNode {
  const t = useText();
  const [side, setSide] = useState<Side>("both");
  const [form, setForm] = useState<Form>("text");
  const pieces = useMemo(() => said(stream, side), [stream, side]);
  const [client, server] = useMemo(() => sums(stream), [stream]);
  const sideTexts: Readonly<Record<Side, string>> = {
    both: t("packets.both"),
    client: `${t("packets.client")} ${stream.client} · ${t("packets.saidBytes", { count: client })}`,
    server: `${t("packets.server")} ${stream.server} · ${t("packets.saidBytes", { count: server })}`,
  };
  return (
    <div className="stream">
      <div className="stream-bar">
        <select
          className="field"
          aria-label={t("packets.side")}
          value={side}
          onChange={({ target }) => setSide(target.value as Side)}
        >
          {SIDES.map((each) => (
            <option key={each} value={each}>
              {sideTexts[each]}
            </option>
          ))}
        </select>
        <fieldset className="segments">
          <legend className="unseen">{t("packets.shownAs")}</legend>
          {FORMS.map((each) => (
            <button
              key={each}
              type="button"
              className="button"
              aria-pressed={form === each}
              onClick={() => setForm(each)}
            >
              {t(each === "text" ? "packets.asText" : "packets.asHex")}
            </button>
          ))}
        </fieldset>
        {stream.layer !== undefined && <Layers layer={stream.layer} setLayer={setLayer} />}
        <span className="grow" />
        <button type="button" className="button" onClick={() => void copyText(written(pieces, form))}>
          {t("packets.copyStream")}
        </button>
        <button
          type="button"
          className="button"
          onClick={() => save(fileName(stream.filter, "bin"), [joinedBytes(pieces)], "application/octet-stream")}
        >
          {t("packets.saveStream")}
        </button>
      </div>
      {stream.missing > 0 && <p className="stream-note">{t("packets.streamMissing", { count: stream.missing })}</p>}
      {stream.truncated && <p className="stream-note">{t("packets.streamTruncated")}</p>}
      {pieces.length === 0 ? (
        <div className="empty">{t("packets.streamEmpty")}</div>
      ) : (
        <Pieces pieces={pieces} form={form} />
      )}
    </div>
  );
}

/** What was deciphered, or the bytes as they were sent. */
function Layers({ layer, setLayer }: { readonly layer: Layer; readonly setLayer: (layer: Layer) => void }): ReactNode {
  const t = useText();
  return (
    <fieldset className="segments">
      <legend className="unseen">{t("packets.streamLayer")}</legend>
      {LAYERS.map((each) => (
        <button
          key={each}
          type="button"
          className="button"
          aria-pressed={layer === each}
          onClick={() => setLayer(each)}
          title={t(each === "tls" ? "packets.deciphered" : "packets.asSent")}
          translate="no"
        >
          {each.toUpperCase()}
        </button>
      ))}
    </fieldset>
  );
}

function Pieces({ pieces, form }: { readonly pieces: readonly Said[]; readonly form: Form }): ReactNode {
  const t = useText();
  const [most, setMost] = useState(AT_ONCE);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard
    <section className="stream-pieces" aria-label={t("packets.stream")} tabIndex={0}>
      {pieces.slice(0, most).map((piece, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces are only ever added at the end
        <div key={n} className={piece.direction === 0 ? "said client" : "said server"}>
          <button type="button" className="said-by" onClick={() => selectEvent(piece.event)}>
            {t("packets.pieceOf", {
              side: t(piece.direction === 0 ? "packets.client" : "packets.server"),
              number: formatCount(piece.number),
            })}
          </button>
          <pre translate="no">{form === "text" ? readable(piece.bytes) : hexDump(piece.bytes)}</pre>
        </div>
      ))}
      {pieces.length > most && (
        <button type="button" className="button" onClick={() => setMost(most + AT_ONCE)}>
          {t("packets.streamMore", { count: pieces.length - most })}
        </button>
      )}
    </section>
  );
}
