/** An answer that a script did not give, or not to its end; the client gets 502, or sees its connection cut. */
export class ScriptError extends Error {
  override name = "ScriptError";
}

/** A script that did not answer in time; the client gets 504. */
export class ScriptTimeout extends ScriptError {
  override name = "ScriptTimeout";
}

/** Too many requests wait for a script; the client gets 503. */
export class ScriptBusy extends ScriptError {
  override name = "ScriptBusy";
}

export const scriptBusy = (): ScriptBusy => new ScriptBusy("too many requests wait for it");

/** A connection that the responder had closed before the request came: another may be tried. */
export class ConnectionGone extends ScriptError {
  override name = "ConnectionGone";
}
