/** The packets' part of the page. */
import "./packets.css";
import "./filter/filter.css";
import "./list/list.css";
import "./detail/detail.css";
import "./follow/stream.css";
import "./sequence/sequence.css";
import { registerPanel } from "../frame/panels.ts";
import { registerPacketActions } from "./actions.ts";
import { PacketsPanel } from "./packets-panel.tsx";

registerPanel({ id: "packets", place: "below", title: "frame.packets", order: 20, Component: PacketsPanel });
registerPacketActions();
