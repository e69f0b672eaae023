import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from "react";
import type { FieldNode } from "../../../src/engine/protocol/index.ts";
import { useText } from "../../i18n/index.ts";
import { useContextMenu, useMenu } from "../menu/use-menu.tsx";
import { type FieldPath, type FieldRow, fieldRows, pathText } from "./fields.ts";

interface Props {
  readonly tree: readonly FieldNode[];
  readonly open: ReadonlySet<string>;
  readonly onOpen: (keys: readonly string[], open: boolean) => void;
  readonly selected: FieldPath | undefined;
  readonly onSelect: (path: FieldPath) => void;
  /** Opens the menu of a field. */
  readonly menuOf: (node: FieldNode) => Parameters<ReturnType<typeof useMenu>["open"]>[0]["items"];
}

/** The fields of a packet, as a tree for the keyboard and for those who listen. */
export function FieldTree({ tree, open, onOpen, selected, onSelect, menuOf }: Props): ReactNode {
  const t = useText();
  const element = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => fieldRows(tree, (key) => open.has(key)), [tree, open]);
  const at = selected === undefined ? undefined : pathText(selected);
  const current = lines.find(({ path }) => pathText(path) === at) ?? lines[0];
  const { menu, open: openMenu } = useMenu();
  const press = useContextMenu((target, x, y) => {
    const line =
      lines.find(({ path }) => pathText(path) === target.closest<HTMLElement>("[data-path]")?.dataset.path) ?? current;
    if (line === undefined) return;
    onSelect(line.path);
    openMenu({ label: t("packets.menuOfField"), items: menuOf(line.node), x, y });
  });
  useEffect(() => {
    if (at !== undefined) element.current?.querySelector(`[data-path="${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const go = (line: FieldRow | undefined): void => {
    if (line === undefined) return;
    onSelect(line.path);
    element.current?.querySelector<HTMLElement>(`[data-path="${pathText(line.path)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const focused = (event.target as HTMLElement).dataset.path;
    const line = lines.find(({ path }) => pathText(path) === focused) ?? current;
    if (line === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    if (onTreeKey(event.key, lines, line, go, onOpen)) event.preventDefault();
  };
  return (
    <>
      <div
        ref={element}
        className="field-tree"
        role="tree"
        aria-label={t("packets.fields")}
        onKeyDown={onKeyDown}
        {...press}
      >
        {lines.map((line) => {
          const children = line.node.children?.length ?? 0;
          const path = pathText(line.path);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree that it stands in has the keys
            <div
              key={path}
              role="treeitem"
              data-path={path}
              aria-level={line.path.length}
              aria-posinset={line.position}
              aria-setsize={line.siblings}
              aria-selected={path === at}
              aria-expanded={children > 0 ? line.open : undefined}
              tabIndex={line === current ? 0 : -1}
              className={line.node.generated ? "generated" : undefined}
              style={{ paddingLeft: (line.path.length - 1) * 16 + 4 }}
              onClick={(event) => {
                onSelect(line.path);
                const twisted = (event.target as Element).closest(".twist") !== null;
                if (children > 0 && (twisted || event.detail === 2)) onOpen([line.key], !line.open);
              }}
            >
              <span className="twist" aria-hidden="true">
                {children > 0 ? (line.open ? "▾" : "▸") : ""}
              </span>
              {line.node.text}
            </div>
          );
        })}
      </div>
      {menu}
    </>
  );
}

type Go = (line: FieldRow | undefined) => void;

/** The keys of a tree (WAI-ARIA). @returns whether it was one */
function onTreeKey(key: string, lines: readonly FieldRow[], line: FieldRow, go: Go, onOpen: Props["onOpen"]): boolean {
  const at = lines.indexOf(line);
  const has = (line.node.children?.length ?? 0) > 0;
  if (key === "ArrowDown") go(lines[at + 1]);
  else if (key === "ArrowUp") go(lines[at - 1]);
  else if (key === "Home") go(lines[0]);
  else if (key === "End") go(lines.at(-1));
  else if (key === "ArrowRight") has && !line.open ? onOpen([line.key], true) : has && go(lines[at + 1]);
  else if (key === "ArrowLeft") line.open ? onOpen([line.key], false) : go(parentOf(lines, line));
  else if (key === "Enter" || key === " ") has && onOpen([line.key], !line.open);
  else if (key === "*") onOpen(siblingsOf(lines, line), true);
  else if (key.length === 1) go(startingWith(lines, at, key));
  else return false;
  return true;
}

const parentOf = (lines: readonly FieldRow[], { path }: FieldRow): FieldRow | undefined =>
  lines.find((other) => pathText(other.path) === pathText(path.slice(0, -1)));

const siblingsOf = (lines: readonly FieldRow[], { path }: FieldRow): string[] =>
  lines
    .filter(
      (other) => other.path.length === path.length && pathText(other.path.slice(0, -1)) === pathText(path.slice(0, -1)),
    )
    .map(({ key }) => key);

function startingWith(lines: readonly FieldRow[], at: number, letter: string): FieldRow | undefined {
  const after = [...lines.slice(at + 1), ...lines.slice(0, at)];
  return after.find(({ node }) => node.text.replace(/^\[/, "").toLowerCase().startsWith(letter.toLowerCase()));
}
