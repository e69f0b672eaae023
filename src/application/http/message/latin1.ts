export { decodeLatin1, encodeLatin1, writeLatin1 } from "../../../base/latin1.ts";
