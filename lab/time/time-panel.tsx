import "./time.css";
import type { ReactNode } from "react";
import { GoOn } from "./go-on.tsx";
import { Notices } from "./notices.tsx";
import { TimeLine } from "./time-line.tsx";
import { TransportBar } from "./transport-bar.tsx";

/** Time belongs to the engine; from here it is steered and looked back at. */
export function TimePanel(): ReactNode {
  return (
    <div className="time">
      <Notices />
      <div className="time-rows">
        <TransportBar />
        <TimeLine />
      </div>
      <GoOn />
    </div>
  );
}
