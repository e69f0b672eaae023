import type { ReactNode } from "react";
import type { GraphNode } from "./topology.ts";

/** Drawn for a square of 32: outlines in the colour of the text, one part filled with the accent. */
const DRAWINGS: Readonly<Record<GraphNode["kind"] | "server", ReactNode>> = {
  host: (
    <>
      <rect x="5" y="6" width="22" height="15" rx="2" />
      <path d="M12 26h8M16 21v5" />
      <path className="icon-fill" d="M9 10h8M9 14h5" />
    </>
  ),
  server: (
    <>
      <rect x="7" y="4" width="18" height="24" rx="2" />
      <path d="M7 12h18M7 20h18" />
      <path className="icon-fill" d="M11 8h.01M11 16h.01M11 24h.01M16 8h5M16 16h5M16 24h5" />
    </>
  ),
  router: (
    <>
      <circle cx="16" cy="16" r="11" />
      <path className="icon-fill" d="M9 13h9M15.500 10l3 3-3 3M23 19h-9M16.500 16l-3 3 3 3" />
    </>
  ),
  switch: (
    <>
      <rect x="4" y="10" width="24" height="12" rx="2" />
      <path
        className="icon-fill"
        d="M9 14h8M14.500 11.800l2.500 2.200-2.500 2.200M23 18h-8M17.500 15.800 15 18l2.500 2.200"
      />
    </>
  ),
  hub: (
    <>
      <rect x="4" y="10" width="24" height="12" rx="2" />
      <path className="icon-fill" d="M16 16H8M16 16h8M16 16l-5-3M16 16l5-3M16 16l-5 3M16 16l5 3" />
    </>
  ),
  door: (
    <>
      <path d="M9 28V5h14v23M5 28h22" />
      <path className="icon-fill" d="M19 16.500h.01" />
    </>
  ),
  outside: (
    <>
      <circle cx="16" cy="16" r="11" />
      <path
        className="icon-fill"
        d="M5 16h22M16 5c4 3 4.500 7 4.500 11S20 24 16 27M16 5c-4 3-4.500 7-4.500 11S12 24 16 27"
      />
    </>
  ),
  network: (
    <>
      <path d="M9 24a5 5 0 0 1-.5-10A8 8 0 0 1 24 13.500 5.300 5.300 0 0 1 23 24z" />
    </>
  ),
};

/** What a device is, as a picture; its name stands beside it. */
export function DeviceIcon({
  kind,
  size = 32,
}: {
  readonly kind: keyof typeof DRAWINGS;
  readonly size?: number;
}): ReactNode {
  return (
    <svg className="icon-device" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      {DRAWINGS[kind]}
    </svg>
  );
}
