import { OUT } from "../../capture/log/event-chunk.ts";
import type { Clockwork } from "../clockwork.ts";
import { RequestError } from "../request-error.ts";
import type { Handlers, MethodsOf } from "./handlers.ts";

/** How long a frame is held back unless told. */
const DELAY = 100_000_000;

/** What is done to single frames on their way. */
export function faultMethods(clockwork: Clockwork): Handlers<MethodsOf<"packet">> {
  return {
    "packet.fault": async ({ event, do: what, by = DELAY }) => {
      const { log } = clockwork.course;
      if (!log.has(event) || log.direction(event) !== OUT) throw gone(event);
      const fault = { nic: log.nic(event), packet: log.packet(event), do: what, by };
      let done = false;
      await clockwork.change(({ packetFaults }) => {
        packetFaults.onDone = (is) => {
          done = is;
        };
        return packetFaults.submit(fault);
      });
      if (!done) throw gone(event);
      return {};
    },
  };
}

const gone = (event: number): RequestError =>
  new RequestError("not-under-way", "this frame is not on its way any more", { event });
