import type { Tls } from "../../../socket/tls.ts";
import { osWaking } from "../os-sockets.ts";
import { Contexts } from "./contexts.ts";
import { NodeTls } from "./node-tls.ts";

/** TLS for programs on the operating system. They trust the authorities that Node does. */
export const osTls: Tls = new NodeTls({
  contexts: new Contexts(undefined, false),
  waking: osWaking,
  work: (promise) => promise,
  patient: false,
});
