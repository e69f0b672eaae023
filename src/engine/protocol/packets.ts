/** What is said of packets, as the capture layer gives it. */
export type * from "../../capture/view/types.ts";
