import type { Conversation } from "./conversations.ts";
import { type Scene, timeOf } from "./dissect-datagram.ts";
import type { Headers } from "./headers.ts";
import type { TcpAnalysed, TcpKnown } from "./tcp-layer.ts";

/** Gathers what the first pass knows of a segment. */
export function tcpKnownOf(
  scene: Scene,
  conversation: Conversation | undefined,
  headers: Headers | undefined,
): TcpKnown {
  const { pass, number, quoted, options, time } = scene;
  const analysis = conversation === undefined ? undefined : pass.analyses[conversation.id];
  const direction = conversation === undefined || headers === undefined ? 0 : conversation.directionOf(headers);
  const previous = pass.table.previous[number] ?? 0;
  return {
    stream: conversation?.stream,
    completeness: analysis?.completenessAt(number) ?? 0,
    base: analysis?.flows[direction].baseAt(number) ?? 0,
    peerBase: analysis?.flows[direction === 0 ? 1 : 0].baseAt(number) ?? 0,
    shift: pass.table.shift[number] ?? -1,
    sinceFirst: conversation === undefined ? undefined : time - conversation.begins,
    sincePrevious: previous === 0 ? 0 : time - timeOf(options, previous, time),
    checkChecksum: options.checkChecksums === true && !quoted,
    quoted,
    analysis: quoted || conversation === undefined ? undefined : analysed(scene, analysis?.initialRtt ?? -1),
  };
}

function analysed({ pass, number, options, time }: Scene, initialRtt: number): TcpAnalysed {
  const { table } = pass;
  const detail = pass.details.get(number);
  const acksFrame = table.acknowledges[number] as number;
  return {
    notes: table.notes[number] as number,
    acksFrame,
    ackRtt: acksFrame === 0 ? -1 : time - timeOf(options, acksFrame, time),
    initialRtt,
    inFlight: table.inFlight[number] as number,
    pushed: table.pushed[number] as number,
    rto: detail?.rto ?? 0,
    rtoFrame: detail?.rtoFrame ?? 0,
    duplicateNumber: detail?.duplicateNumber ?? 0,
    duplicateFrame: detail?.duplicateFrame ?? 0,
    closing: pass.closing.get(number),
  };
}
