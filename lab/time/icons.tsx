import type { ReactNode } from "react";

/** Drawn in the colour of the text; whatever holds one says in words what it means. */
function Icon({ path }: { readonly path: string }): ReactNode {
  return (
    <svg className="time-icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} fill="currentColor" />
    </svg>
  );
}

export const PLAY = <Icon path="M4 2.5v11l9.5-5.5z" />;
export const PAUSE = <Icon path="M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z" />;
export const STEP_EVENT = <Icon path="M3 2.5v11L10 8zM11 2.5h2v11h-2z" />;
/** An envelope before the bar: a step as long as a packet's. */
export const STEP_PACKET = (
  <Icon path="M1 4h9.5v8H1zM2.6 5.3l3.2 2.6 3.1-2.6zM2.2 6.4v4.4h7.1V6.4L5.8 9.3zM12.6 2.5h2v11h-2z" />
);
