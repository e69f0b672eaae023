import type { Problem } from "../../src/engine/protocol/index.ts";

/** A request that came to nothing: what the engine says of it, or `disconnected` when there was nobody to ask. */
export class RequestError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.text);
    this.name = "RequestError";
    this.problem = problem;
  }
}

export const disconnected = (): RequestError =>
  new RequestError({ code: "disconnected", text: "The engine cannot be reached now." });
