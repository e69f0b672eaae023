import type { Problem } from "./protocol/problem.ts";

/** A request that cannot be done. It is thrown by what does requests and answered as a failure. */
export class RequestError extends Error {
  override name = "RequestError";
  readonly problem: Problem;

  /** @param text in English, for those who have none for the code */
  constructor(code: string, text: string, params?: Problem["params"]) {
    super(text);
    this.problem = { code, text, ...(params !== undefined && { params }) };
  }
}
