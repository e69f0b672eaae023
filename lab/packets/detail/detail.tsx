import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import type { FieldNode, PacketDetail } from "../../../src/engine/protocol/index.ts";
import { useText } from "../../i18n/index.ts";
import { bytesOf } from "../follow/pieces.ts";
import { copyItems, filterItems, packetItems } from "../menu/packet-menu.ts";
import { problemText } from "../problem.ts";
import { usePackets } from "../store.ts";
import { Bytes } from "./bytes.tsx";
import { FieldTree } from "./field-tree.tsx";
import { bitsText, type FieldPath, fieldAt, keysTo, type Lit, litBy, nodeAt } from "./fields.ts";
import { Story } from "./story.tsx";

/** The selected packet: its fields, its bytes, and what really happened to it. */
export function Detail(): ReactNode {
  const t = useText();
  const detail = usePackets((all) => all.detail);
  const problem = usePackets((all) => all.detailProblem);
  const [part, setPart] = useState<"fields" | "story">("fields");
  if (problem !== undefined) {
    return (
      <div className="empty" role="alert">
        <strong>{t("packets.detailFailed")}</strong>
        <p>{problemText(problem)}</p>
      </div>
    );
  }
  if (detail === undefined) {
    return (
      <div className="empty">
        <strong>{t("packets.detailNone")}</strong>
        <p>{t("packets.detailNoneHint")}</p>
      </div>
    );
  }
  return (
    <div className="detail">
      <div className="detail-head">
        <h2>{t("packets.detailOf", { number: detail.row.number })}</h2>
        <span className="grow" />
        {(["fields", "story"] as const).map((each) => (
          <button
            key={each}
            type="button"
            className="button plain"
            aria-pressed={part === each}
            onClick={() => setPart(each)}
          >
            {t(`packets.${each}`)}
          </button>
        ))}
        <button
          type="button"
          className="button plain icon"
          aria-label={t("packets.closeDetail")}
          onClick={() => usePackets.setState({ detailShown: false })}
        >
          ✕
        </button>
      </div>
      {part === "fields" ? <FieldsAndBytes detail={detail} /> : <Story detail={detail} />}
    </div>
  );
}

/** What is open stays open from packet to packet. */
function useOpen(
  detail: PacketDetail,
): readonly [ReadonlySet<string>, (keys: readonly string[], open: boolean) => void] {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set<string>());
  const [touched, setTouched] = useState(false);
  const innermost = detail.tree.findLast(({ children }) => (children?.length ?? 0) > 0);
  const all = useMemo(
    () => (touched || innermost === undefined ? open : new Set([...open, `/${innermost.name}`])),
    [open, touched, innermost],
  );
  const change = useCallback(
    (keys: readonly string[], opened: boolean) => {
      setTouched(true);
      setOpen(() => {
        const next = new Set(all);
        for (const key of keys) opened ? next.add(key) : next.delete(key);
        return next;
      });
    },
    [all],
  );
  return [all, change];
}

function FieldsAndBytes({ detail }: { readonly detail: PacketDetail }): ReactNode {
  const t = useText();
  const [open, setOpen] = useOpen(detail);
  const [chosen, setChosen] = useState<{ readonly detail: PacketDetail; readonly path: FieldPath }>();
  const [source, setSource] = useState(0);
  const sources = useMemo(() => detail.sources.map(({ bytes }) => bytesOf(bytes)), [detail]);
  const path = chosen !== undefined && sameShape(chosen.detail, detail, chosen.path) ? chosen.path : undefined;
  const node = path === undefined ? undefined : nodeAt(detail.tree, path);
  const lit = useMemo(() => litBy(node), [node]);
  useEffect(() => setSource((now) => Math.min(now, detail.sources.length - 1)), [detail]);
  const select = (to: FieldPath): void => {
    setChosen({ detail, path: to });
    const found = litBy(nodeAt(detail.tree, to));
    if (found !== undefined) setSource(found.source);
  };
  const onByte = (offset: number): void => {
    const to = fieldAt(detail.tree, source, offset);
    if (to === undefined) return;
    setOpen(keysTo(detail.tree, to), true);
    setChosen({ detail, path: to });
  };
  const menuOf = (of: FieldNode) => [
    ...filterItems(of.filter),
    ...packetItems(detail.row.event, detail.row.time),
    ...copyItems(detail.row.event, of.value ?? of.text, of.filter),
  ];
  return (
    <div className="detail-body">
      <FieldTree tree={detail.tree} open={open} onOpen={setOpen} selected={path} onSelect={select} menuOf={menuOf} />
      <div className="detail-bytes">
        {detail.sources.length > 1 && (
          <fieldset className="segments">
            <legend className="unseen">{t("packets.sources")}</legend>
            {detail.sources.map(({ name }, n) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a source is known by its place, and names repeat
              <button key={n} type="button" className="button" aria-pressed={n === source} onClick={() => setSource(n)}>
                {n === 0 ? t("packets.frameBytes", { count: sources[0]?.length ?? 0 }) : name}
              </button>
            ))}
          </fieldset>
        )}
        <Bytes
          bytes={sources[source] ?? new Uint8Array()}
          lit={lit?.source === source ? lit : undefined}
          onByte={onByte}
        />
        <LitText node={node} lit={lit} bytes={lit && sources[lit.source]} />
      </div>
    </div>
  );
}

/** Whether the same path leads to a field of the same name: it then stays selected in the next packet. */
function sameShape(before: PacketDetail, now: PacketDetail, path: FieldPath): boolean {
  return path.every(
    (_, n) => nodeAt(before.tree, path.slice(0, n + 1))?.name === nodeAt(now.tree, path.slice(0, n + 1))?.name,
  );
}

interface LitTextProps {
  readonly node: FieldNode | undefined;
  readonly lit: Lit | undefined;
  readonly bytes: Uint8Array | undefined;
}

/** Which bytes, and which of their bits, a field is: as text, for what is lit is a matter of colour. */
function LitText({ node, lit, bytes }: LitTextProps): ReactNode {
  const t = useText();
  if (node === undefined) return null;
  const field = node.name === "" ? node.text : node.name;
  if (lit === undefined || bytes === undefined) return <p className="lit-text">{t("packets.noBytes", { field })}</p>;
  const bits = bitsText(bytes, lit);
  const [from, to] = [String(lit.from), String(lit.end - 1)];
  return (
    <p className="lit-text" role="status">
      {lit.end - lit.from === 1 ? t("packets.byteOf", { field, from }) : t("packets.bytesOf", { field, from, to })}
      {bits !== undefined && (
        <>
          {" · "}
          {t("packets.bits")} <code>{bits}</code>
        </>
      )}
    </p>
  );
}
