import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { useText } from "../i18n/index.ts";
import { commandOf, TOOLS, type Tool } from "./commands.ts";

/** The command for each tool, in tabs. @property at `"127.0.0.1:8888"` */
export function Recipes({ at }: { readonly at: string }): ReactNode {
  const t = useText();
  const [tool, setTool] = useState<Tool>(/Windows/.test(navigator.userAgent) ? "PowerShell" : "nc");
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = TOOLS.at((TOOLS.indexOf(tool) + step) % TOOLS.length) as Tool;
    setTool(next);
    document.getElementById(tabId(next))?.focus();
  };
  return (
    <div>
      <div className="guide-tools" role="tablist" aria-label={t("firstRun.tools")} onKeyDown={onKeyDown}>
        {TOOLS.map((each) => (
          <button
            key={each}
            id={tabId(each)}
            type="button"
            role="tab"
            translate="no"
            aria-selected={each === tool}
            aria-controls="guide-command"
            tabIndex={each === tool ? 0 : -1}
            onClick={() => setTool(each)}
          >
            {each}
          </button>
        ))}
      </div>
      <div id="guide-command" role="tabpanel" aria-labelledby={tabId(tool)}>
        <CopyLine text={commandOf(tool, at)} />
      </div>
    </div>
  );
}

const tabId = (tool: Tool): string => `guide-tool-${tool}`;

/** A line to type, with a button that copies it. */
export function CopyLine({ text }: { readonly text: string }): ReactNode {
  const t = useText();
  const [copied, setCopied] = useState<string>();
  useEffect(() => {
    if (copied === undefined) return;
    const timer = setTimeout(() => setCopied(undefined), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => {},
    );
  };
  return (
    <div className="copy-line">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls by the keyboard too */}
      <code tabIndex={0}>{text}</code>
      <button type="button" className="button" onClick={copy}>
        {t(copied === text ? "firstRun.copied" : "firstRun.copy")}
      </button>
    </div>
  );
}
