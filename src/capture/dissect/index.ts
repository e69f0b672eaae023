/** The dissection of captured frames: layers 2 to 4, and what dissectors of messages plug into. */
export { CaptureDissection, type DissectionOptions } from "./capture-dissection.ts";
export { CapturedFrames } from "./captured-frames.ts";
export { Conversation, type ConversationKey } from "./conversations.ts";
export * from "./define.ts";
export * from "./dissector.ts";
export * from "./field.ts";
export { escaped, hexOf, lineOf, showOf, textOf } from "./field-text.ts";
export { FIRST_MESSAGE, Notes, Protocols } from "./frame-table.ts";
export * from "./frames.ts";
export { PlainFrame } from "./plain-frame.ts";
export { Tree } from "./tree.ts";
export { toText, toTsharkJson } from "./tshark-json.ts";
