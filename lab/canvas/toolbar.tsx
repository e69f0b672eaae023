import type { ReactNode } from "react";
import { useMode } from "../edit/mode.ts";
import { ActionButton } from "../frame/action-button.tsx";
import { useText } from "../i18n/index.ts";
import { LAYERS, type Layer } from "./topology.ts";
import { showLayer, useCanvasView } from "./view.ts";

/** As which layer the network is seen, addresses, zoom. */
export function CanvasToolbar(): ReactNode {
  const t = useText();
  const { layer, addresses } = useCanvasView();
  const editing = useMode((mode) => mode.editing);
  return (
    <div className="canvas-toolbar" role="toolbar" aria-label={t("canvas.toolbar")}>
      <select
        className="field"
        aria-label={t("canvas.layer")}
        value={layer}
        onChange={(event) => showLayer(event.target.value as Layer)}
      >
        {LAYERS.map((each) => (
          <option key={each} value={each}>
            {t(`canvas.layer_${each}`)}
          </option>
        ))}
      </select>
      <ActionButton id="edit.toggle" pressed={editing} icon={<EditIcon />} className="edit-toggle" />
      <ActionButton id="canvas.addresses" pressed={addresses} icon={<AddressesIcon />} />
      <span className="canvas-zoom">
        <ActionButton id="canvas.zoomOut" icon={<Icon path="M3 8h10" />} />
        <ActionButton id="canvas.zoomIn" icon={<Icon path="M3 8h10M8 3v10" />} />
        <ActionButton id="canvas.fit" icon={<Icon path="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4" />} />
      </span>
    </div>
  );
}

function Icon({ path }: { readonly path: string }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

function EditIcon(): ReactNode {
  const t = useText();
  return (
    <>
      <Icon path="M10.500 2.500l3 3L6 13l-3.500.500L3 10z" />
      <span aria-hidden="true">{t("edit.edit")}</span>
    </>
  );
}

const AddressesIcon = (): ReactNode => (
  <Icon path="M8 14s-4.500-4.200-4.500-7.500a4.500 4.500 0 0 1 9 0C12.500 9.800 8 14 8 14zM8 6.500h.01" />
);
