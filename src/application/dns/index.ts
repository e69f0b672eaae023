export type { KnownType, Opcode, QueryType, Rcode, RecordClass, RecordType } from "./codes.ts";
export type { Edns, Message } from "./message.ts";
export { formatName, type Name, parseName, reverseName } from "./name.ts";
export type { Question, RecordWith, ResourceRecord } from "./record.ts";
export { formatData, formatRecord } from "./record-text.ts";
export { type ExchangeOptions, exchange } from "./resolver/exchange.ts";
export { type Answer, Resolver, type ResolverOptions, type ResolverSnapshot } from "./resolver/resolver.ts";
export type { DnsServerParameters } from "./server/parameters.ts";
export { dnsServer } from "./server/server.ts";
