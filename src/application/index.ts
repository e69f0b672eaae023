export { bulkClient } from "./bulk/client.ts";
export { bulkServer } from "./bulk/server.ts";
export { chatClient } from "./chat/client.ts";
export { chatServer } from "./chat/server.ts";
export type { ChatStore } from "./chat/store.ts";
export { chatUser } from "./chat/user.ts";
export { type ChatKeeping, type ChatWebParameters, chatWeb, serveChat } from "./chat/web/program.ts";
export { chatWebUser } from "./chat/web/user.ts";
export type { Coder, Compression, CompressorOptions, ContentCoding, MetCoding } from "./compression.ts";
export { connectTo } from "./connect.ts";
export { discardServer } from "./discard/server.ts";
export * from "./dns/index.ts";
export { echoServer } from "./echo/server.ts";
export { echoClient } from "./echo/tcp-client.ts";
export { udpEchoClient } from "./echo/udp-client.ts";
export { completeParameters } from "./parameters.ts";
export {
  type Domain,
  formatMessage,
  type Log,
  type LogParameters,
  type ParameterSpec,
  type Program,
  type ProgramContext,
} from "./program.ts";
export { PROGRAMS } from "./registry.ts";
export { type ScriptParameters, SOURCE_LIMIT, script } from "./script/program.ts";
export * from "./script/scripts.ts";
export { timeClient } from "./time/client.ts";
export { timeServer } from "./time/server.ts";
export { udpReceiver } from "./udp-receiver/receiver.ts";
export { udpSender } from "./udp-receiver/sender.ts";
