import { Component, type ErrorInfo, type ReactNode, Suspense } from "react";
import { useText } from "../i18n/index.ts";
import { type Panel, panelElementId } from "./panels.ts";

/** A panel's content: what has not been loaded yet, or has failed, says so. */
export function PanelView({ panel }: { readonly panel: Panel }): ReactNode {
  const { Component: Content } = panel;
  return (
    <Guard>
      <Suspense fallback={<Loading />}>
        <Content />
      </Suspense>
    </Guard>
  );
}

/** A panel that stands alone, named for those who go by landmarks. */
export function PanelSection({ panel, className }: { readonly panel: Panel; readonly className: string }): ReactNode {
  const t = useText();
  return (
    <section id={panelElementId(panel.id)} className={className} aria-label={t(panel.title)} tabIndex={-1}>
      <PanelView panel={panel} />
    </section>
  );
}

function Loading(): ReactNode {
  const t = useText();
  return (
    <div className="empty" role="status">
      {t("frame.loading")}
    </div>
  );
}

interface GuardProps {
  readonly children: ReactNode;
}

/** A part that fails takes no other with it. */
export class Guard extends Component<GuardProps, { readonly failed: boolean }> {
  constructor(props: GuardProps) {
    super(props);
    this.state = { failed: false };
  }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    return this.state.failed ? <Failed onAgain={() => this.setState({ failed: false })} /> : this.props.children;
  }
}

function Failed({ onAgain }: { readonly onAgain: () => void }): ReactNode {
  const t = useText();
  return (
    <div className="empty" role="alert">
      <strong>{t("frame.broken")}</strong>
      <p>{t("frame.brokenRemedy")}</p>
      <button type="button" className="button" onClick={onAgain}>
        {t("frame.openAnew")}
      </button>
    </div>
  );
}
