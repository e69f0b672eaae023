/** Why a connection is closed (RFC 6455 §7.4.1). */
export const CLOSE_CODES = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  /** Never sent: the close frame had no code. */
  noStatus: 1005,
  /** Never sent: the connection ended without a close frame. */
  abnormal: 1006,
  /** A text that is no UTF-8. */
  invalidPayload: 1007,
  policyViolation: 1008,
  tooBig: 1009,
  mandatoryExtension: 1010,
  internalError: 1011,
  /** Of IANA's registry, as the next two. */
  serviceRestart: 1012,
  tryAgainLater: 1013,
  badGateway: 1014,
} as const;

/** Whether a code may stand in a close frame (RFC 6455 §7.4): those of the RFC and of IANA's registry, and 3000–4999. */
export function isSendable(code: number): boolean {
  if (code >= 3000 && code <= 4999) return true;
  return (
    code >= 1000 && code <= 1014 && code !== 1004 && code !== CLOSE_CODES.noStatus && code !== CLOSE_CODES.abnormal
  );
}

/** Whether a program may give a code to `close` (WHATWG WebSockets, "close()"): the others are the protocol's own. */
export const isProgramsOwn = (code: number): boolean => code === CLOSE_CODES.normal || (code >= 3000 && code <= 4999);
