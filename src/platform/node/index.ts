/**
 * `netarium/node`: what a network needs of Node, the operating system's sockets for programs, network files, captures, and
 * the doors through which real programs come in.
 *
 * @module
 */
export { GATEWAY_MESSAGES } from "../../application/cgi/respond.ts";
export * from "../document/index.ts";
export { FileCapture, type FileCaptureOptions } from "./capture-file.ts";
export { CertificateError } from "./certificates/authority.ts";
export {
  configFolder,
  type IssuedFiles,
  issueFiles,
  LONGEST_DAYS,
  type LocalAuthority,
  makeLocalAuthority,
  readLocalAuthority,
} from "./certificates/local-authority.ts";
export { VirtualAuthority } from "./certificates/virtual-authority.ts";
export { scryptPasswords } from "./chat/scrypt.ts";
export { SqliteStore } from "./chat/sqlite-store.ts";
export { nodeCompression } from "./compression.ts";
export { FrameStream, type FrameStreamOptions, type StreamAddress } from "./frame-stream.ts";
export { type CgiOptions, cgi } from "./gateway/cgi.ts";
export { type FastCgiGatewayOptions, fastCgiGateway } from "./gateway/fastcgi-gateway.ts";
export { type WsgiGateway, type WsgiOptions, wsgi } from "./gateway/wsgi.ts";
export { type NetworkFileRead, readNetworkFile } from "./network-file.ts";
export { DoorError, type OpenDoor, type OpenDoorsOptions, openDoors } from "./open-doors.ts";
export { OsClock } from "./os-clock.ts";
export { type OsContextOptions, osContext } from "./os-context.ts";
export { OsFiles, type OsFilesOptions, type SymlinkPolicy } from "./os-files.ts";
export { osNames } from "./os-names.ts";
export { OsRandom } from "./os-random.ts";
export { osSockets } from "./os-sockets.ts";
export { PublishError, type PublishedPort, publish } from "./publish.ts";
export { Recorder } from "./recorder.ts";
export { runLoop } from "./run-loop.ts";
export { nodePlatform } from "./runtime.ts";
export { nodeScripts } from "./script/node-scripts.ts";
export { NetworkTls } from "./tls/network-tls.ts";
export { nodeCiphers } from "./tls/node-ciphers.ts";
export { osTls } from "./tls/os-tls.ts";
export { Tunnel, TunnelError } from "./tunnel.ts";
export {
  DEFAULT_UPLOAD_LIMITS,
  type ReceivedForm,
  receiveForm,
  type Upload,
  type UploadLimits,
  type UploadOptions,
} from "./uploads.ts";
export { isWebFile, readWebFile } from "./web-file.ts";
export { DEFAULT_HTTPS_PORT, startWebServer, WebServerError, type WebServerOptions } from "./web-server.ts";
