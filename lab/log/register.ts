import "./log.css";
import { lazy } from "react";
import { registerPanel } from "../frame/panels.ts";
import { beginLog } from "./lines.ts";

registerPanel({
  id: "log",
  place: "side",
  title: "frame.log",
  order: 2,
  Component: lazy(() => import("./log-panel.tsx")),
});
beginLog();
