/** A failure that has a status: thrown by a handler, the server answers with it and with the message as its text. */
export class StatusError extends Error {
  override name = "StatusError";
  readonly status: number;

  /** @param status 400 to 599 */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
