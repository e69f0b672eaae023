import { type PointerEvent, type ReactNode, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { DeviceIcon } from "../canvas/icons.tsx";
import { isOnCanvas, placeAt } from "../canvas/view.ts";
import { ActionButton } from "../frame/action-button.tsx";
import { useText } from "../i18n/index.ts";
import { place } from "./commands.ts";
import { KINDS, type Kind, useMode } from "./mode.ts";

/** Pixels that a pointer strays before it drags. */
const STRAY = 6;

/** All that can be put into a network, and what else is done to it by hand. */
export function DevicePalette(): ReactNode {
  const t = useText();
  const tool = useMode((mode) => mode.tool);
  return (
    <div className="device-palette" role="toolbar" aria-label={t("edit.palette")}>
      {KINDS.map((kind) => (
        <Piece key={kind} kind={kind} />
      ))}
      <ActionButton id="edit.cableTool" className="piece" pressed={tool === "cable"} icon={<CableTool />} />
      <hr />
      <span className="palette-row">
        <ActionButton
          id="edit.number"
          icon={<Icon path="M3 3.500h2.500v4M3 7.500h5M9.500 9h4l-3 4h3.500M2.500 11.500h3" />}
        />
        <ActionButton id="edit.undo" icon={<Icon path="M6 3 2.500 6.500 6 10M3 6.500h6a4 4 0 0 1 0 8H6" />} />
        <ActionButton id="edit.redo" icon={<Icon path="M10 3l3.500 3.500L10 10M13 6.500H7a4 4 0 0 0 0 8h3" />} />
        <ActionButton id="edit.layout" icon={<Icon path="M2 3h4v4H2zM10 3h4v4h-4zM6 11h4v4H6zM4 7l3 4M12 7l-3 4" />} />
        <ActionButton id="edit.remove" icon={<Icon path="M3 4.500h10M6.500 4V2.500h3V4M4.500 4.500l.5 9h6l.5-9" />} />
      </span>
    </div>
  );
}

function CableTool(): ReactNode {
  const t = useText();
  return (
    <>
      <svg className="icon" viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
        <path d="M9 9c12 0 2 14 14 14" />
        <circle cx="7" cy="9" r="2.500" />
        <circle cx="25" cy="23" r="2.500" />
      </svg>
      <span aria-hidden="true">{t("edit.cable")}</span>
    </>
  );
}

const Icon = ({ path }: { readonly path: string }): ReactNode => (
  <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={path} />
  </svg>
);

/** One kind of device: a click puts it amid what is shown, dragging it where it is let go. */
function Piece({ kind }: { readonly kind: Kind }): ReactNode {
  const t = useText();
  const start = useRef<{ readonly x: number; readonly y: number } | undefined>(undefined);
  const dragged = useRef(false);
  const [at, setAt] = useState<{ readonly x: number; readonly y: number }>();
  const onPointerMove = ({ clientX: x, clientY: y }: PointerEvent): void => {
    if (start.current === undefined) return;
    if (at === undefined && Math.hypot(x - start.current.x, y - start.current.y) < STRAY) return;
    dragged.current = true;
    setAt({ x, y });
  };
  const end = (point?: { readonly x: number; readonly y: number }): void => {
    start.current = undefined;
    setAt(undefined);
    if (dragged.current && point !== undefined && isOnCanvas(point)) void place(kind, placeAt(point));
  };
  return (
    <button
      type="button"
      className="button piece"
      title={t(`edit.add_${kind}`)}
      aria-label={t(`edit.add_${kind}`)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, y: event.clientY };
        dragged.current = false;
      }}
      onPointerMove={onPointerMove}
      onPointerUp={({ clientX: x, clientY: y }) => end({ x, y })}
      onPointerCancel={() => end()}
      onClick={() => {
        if (!dragged.current) void place(kind);
        dragged.current = false;
      }}
    >
      <DeviceIcon kind={kind} size={22} />
      <span aria-hidden="true">{t(`canvas.${kind}`)}</span>
      {at !== undefined &&
        createPortal(
          <span className="piece-dragged" style={{ left: at.x, top: at.y }}>
            <DeviceIcon kind={kind} />
          </span>,
          document.body,
        )}
    </button>
  );
}
