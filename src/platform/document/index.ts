export { formatProblem, type Problem } from "./problem.ts";
export { type ReadResult, readDocument } from "./read.ts";
export { PERMISSIONS, type Permission, type ReadOptions } from "./reading.ts";
export { DEVICES_LIMIT, FORMAT_VERSION, jsonSchema } from "./schema.ts";
export { readWebDocument, type WebReadResult, type WebServerDocument } from "./web-file.ts";
export { webJsonSchema } from "./web-schema.ts";
