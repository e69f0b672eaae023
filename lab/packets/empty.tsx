import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly text: string;
  readonly failed?: boolean;
  /** What one can do about it. */
  readonly children?: ReactNode;
}

/** What stands in a panel when there is nothing to show: why, and what fills it. */
export function Empty({ title, text, failed = false, children }: Props): ReactNode {
  return (
    <div className="empty" role={failed ? "alert" : undefined}>
      <strong>{title}</strong>
      <p>{text}</p>
      {children}
    </div>
  );
}
