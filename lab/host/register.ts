import { registerPanel } from "../frame/panels.ts";
import HostPanel from "./host.tsx";

registerPanel({ id: "host", place: "side", title: "frame.host", order: 1, Component: HostPanel });
