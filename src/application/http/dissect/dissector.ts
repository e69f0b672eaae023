import type { StreamDissector } from "../../../capture/dissect/dissector.ts";
import { type HttpAbout, HttpConversation, kindOf } from "./conversation.ts";
import { HTTP_FIELDS } from "./fields.ts";
import { MEDIA_FIELDS } from "./media/data.ts";
import { FORM_FIELDS } from "./media/form.ts";
import { JSON_FIELDS } from "./media/json.ts";
import { MULTIPART_FIELDS } from "./media/multipart.ts";
import { TEXT_LINES_FIELDS } from "./media/text-lines.ts";
import { dissectHttp } from "./message.ts";

/** The ports that Wireshark takes to be HTTP's. */
const PORTS = [80, 631, 1900, 2710, 2869, 3128, 3132, 3689, 5985, 8080, 8088, 11371];

export const http: StreamDissector = {
  protocol: "http",
  fields: [...HTTP_FIELDS, ...MEDIA_FIELDS, ...TEXT_LINES_FIELDS, ...JSON_FIELDS, ...FORM_FIELDS, ...MULTIPART_FIELDS],
  ports: PORTS,
  between: "",
  recognises: (first) => kindOf(first) !== undefined,
  converse: (_, secure) => new HttpConversation(secure === true ? "https" : "http"),
  dissect: (bytes, about, tree) => dissectHttp(bytes, about as HttpAbout, tree),
};
