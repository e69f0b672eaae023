import { type ReactFlowState, useStoreApi } from "@xyflow/react";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import type { Crossing, NetworkInfo } from "../../src/engine/protocol/index.ts";
import { onPush, request, useConnection } from "../connection/index.ts";
import { useTheme } from "../frame/theme.ts";
import { lastLook, look } from "../host/snapshot.ts";
import { formatRate } from "../i18n/format.ts";
import { textOfCode } from "../i18n/index.ts";
import { useSelection } from "../selection.ts";
import { tellCables } from "./cable-state.ts";
import { DRAWN_LIMIT, type Drawn, draw, type Line, type Scene } from "./draw.ts";
import { EngineClock } from "./engine-clock.ts";
import { anchorOf, ICON_RADIUS } from "./geometry.ts";
import { BEFORE, type Past, pictureOf } from "./past.ts";
import { NETWORK } from "./segments.ts";
import { readPalette, Sprites } from "./sprites.ts";
import { type LineCrossing, lineOf, TalkLines } from "./talk-lines.ts";
import type { GraphEdge } from "./topology.ts";
import { Traffic } from "./traffic.ts";
import { useCanvasView } from "./view.ts";

/** Names are written at most so many times larger than they would be. */
const MOST_GROWN = 1.7;
/** Crossings that the engine is asked to tell of in each push. */
const CROSSINGS_WATCHED = 500;

interface Props {
  readonly edges: readonly GraphEdge[];
  /** Where packets are drawn now, for clicks. */
  readonly drawn: RefObject<readonly Drawn[]>;
}

/** The packets: a picture over the network, drawn outside React, and only while there is something to draw. */
export function PacketLayer({ edges, drawn }: Props): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const session = useConnection((state) => state.session);
  const network = useConnection((state) => state.network);
  const flows = useCanvasView(({ layer }) => layer === "transport" || layer === "application");
  useEffect(() => {
    if (session === 0 || canvas.current === null) return;
    const talks = flows && network !== undefined ? talkLines(network) : undefined;
    const stage = new Stage(canvas.current, edges, talks, () => flow.getState(), drawn);
    const ends = [stage.listen(), flow.subscribe(() => stage.wake())];
    return () => {
      for (const end of ends) end();
      stage.stop();
    };
  }, [session, edges, network, flows, flow, drawn]);
  useEffect(() => {
    if (session === 0) return;
    // What moved on cables means nothing on the lines of connections.
    traffic.clear();
    request("traffic.watch", { crossings: CROSSINGS_WATCHED, flows }).catch(() => {});
    look().catch(() => {});
  }, [session, flows]);
  return (
    <div className="packet-layer" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}

/** What crosses is the same whichever layer is shown, so it outlives a stage. */
const traffic = new Traffic();
const clock = new EngineClock();
let told = { engine: "", branch: -1, now: 0 };

let known: { readonly network: NetworkInfo; readonly lines: TalkLines } | undefined;

/** The ways through a network are found once. */
function talkLines(network: NetworkInfo): TalkLines {
  if (known?.network !== network) known = { network, lines: new TalkLines(network) };
  return known.lines;
}

/** The loop that draws. */
class Stage {
  readonly #canvas: HTMLCanvasElement;
  readonly #edges: readonly GraphEdge[];
  /** In layers whose lines are connections. */
  readonly #talks: TalkLines | undefined;
  readonly #shown: ReadonlySet<string>;
  readonly #flow: () => ReactFlowState;
  readonly #drawn: RefObject<readonly Drawn[]>;
  readonly #stillQuery = matchMedia("(prefers-reduced-motion: reduce)");
  #sprites: Sprites | undefined;
  #frame = 0;
  #zoom = 0;
  /** The virtual time of the last traffic that was told. */
  #toldUntil = 0;
  #past: Past | undefined;

  constructor(
    canvas: HTMLCanvasElement,
    edges: readonly GraphEdge[],
    talks: TalkLines | undefined,
    flow: () => ReactFlowState,
    drawn: RefObject<readonly Drawn[]>,
  ) {
    this.#canvas = canvas;
    this.#edges = edges;
    this.#talks = talks;
    this.#shown = new Set(edges.map(({ id }) => id));
    this.#flow = flow;
    this.#drawn = drawn;
  }

  listen(): () => void {
    const resized = new ResizeObserver(() => this.wake());
    resized.observe(this.#canvas);
    const ends = [
      onPush("traffic", (push) => {
        traffic.tell(this.#placed(push.crossings), this.#talks === undefined ? push.cables : [], performance.now());
        // How fast a cable may be, and whether it is plugged, is only in a look at everything.
        const elapsed = push.now > this.#toldUntil ? push.now - this.#toldUntil : Number.POSITIVE_INFINITY;
        this.#toldUntil = push.now;
        if (tellCables(push.cables, lastLook()?.cables, elapsed)) {
          look().then(
            () => void tellCables(push.cables, lastLook()?.cables, elapsed),
            () => {},
          );
        }
        this.wake();
      }),
      useConnection.subscribe(() => this.#tellTime()),
      useTheme.subscribe(() => {
        this.#sprites = undefined;
        this.wake();
      }),
      useSelection.subscribe((now, before) => {
        if (now.time !== before.time) this.#lookAt(now.time);
        this.wake();
      }),
      () => resized.disconnect(),
    ];
    // A hidden tab is told of what crosses and draws none of it: shown again, it begins with what crosses then.
    const shown = (): void => {
      if (!document.hidden) traffic.skip(clock.at(performance.now()));
    };
    document.addEventListener("visibilitychange", shown);
    ends.push(() => document.removeEventListener("visibilitychange", shown));
    this.#tellTime();
    this.#lookAt(useSelection.getState().time);
    return () => {
      for (const end of ends) end();
    };
  }

  /** Draws a picture soon. */
  wake(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#onFrame);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = -1;
  }

  #tellTime(): void {
    const { state, welcome, link } = useConnection.getState();
    if (state === undefined) return;
    const engine = welcome?.engine ?? "";
    // Another course of the network, or a time before: what was on its way is not any more.
    if (engine !== told.engine || state.branch !== told.branch || state.now < told.now) traffic.clear();
    told = { engine, branch: state.branch, now: state.now };
    const running = state.running && link.kind === "open" && state.replaying === undefined;
    clock.tell(state.now, running, state.speed, performance.now());
    this.wake();
  }

  #lookAt(time: number | undefined): void {
    this.#past = undefined;
    if (time === undefined) return;
    this.#lookBack(time).then(
      (past) => {
        if (useSelection.getState().time !== past.at || this.#frame === -1) return;
        this.#past = past;
        this.wake();
      },
      () => {},
    );
  }

  /** Asks for what was on its way, and puts together the picture of that moment. */
  async #lookBack(at: number): Promise<Past> {
    const from = Math.max(0, at - BEFORE);
    const flows = this.#talks !== undefined;
    const { crossings } = await request("traffic.range", { from, to: at, limit: DRAWN_LIMIT, flows });
    return pictureOf(at, this.#placed(crossings));
  }

  /** On cables as they are, or on the lines of their connections. A connection that has just begun is looked for. */
  #placed(crossings: readonly Crossing[]): readonly LineCrossing[] {
    const talks = this.#talks;
    if (talks === undefined) return crossings;
    if (crossings.some(({ label }) => label === "SYN, ACK")) look().catch(() => {});
    return crossings.flatMap((crossing) => talks.place(crossing, this.#shown) ?? []);
  }

  readonly #onFrame = (): void => {
    this.#frame = 0;
    const wall = performance.now();
    const now = clock.at(wall);
    const moving = traffic.advance(now, wall);
    const scene = this.#scene();
    const past = useSelection.getState().time === undefined ? undefined : this.#past;
    if (useSelection.getState().time !== undefined) {
      this.#drawn.current = past === undefined ? [] : draw(scene, past.traffic, past.moving, past.at, past.wall);
      return;
    }
    this.#drawn.current = draw(scene, traffic, moving, now, wall);
    if (traffic.fading || (traffic.moving && clock.rate > 0)) this.wake();
  };

  #scene(): Scene {
    const canvas = this.#canvas;
    const ratio = window.devicePixelRatio;
    const { clientWidth, clientHeight } = canvas;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      this.#sprites = undefined;
    }
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    this.#growNames();
    this.#sprites ??= new Sprites(
      readPalette(canvas.parentElement ?? canvas),
      ratio,
      getComputedStyle(canvas).fontFamily,
    );
    return {
      context,
      sprites: this.#sprites,
      lines: this.#lines(),
      zoom: this.#flow().transform[2],
      still: this.#stillQuery.matches,
      selected: useSelection.getState().event,
      textOfDrop: (reason) => textOfCode("drops", reason),
      formatRate,
    };
  }

  /** Names are written larger on a small network, so that they can be read. */
  #growNames(): void {
    const zoom = this.#flow().transform[2];
    if (zoom === this.#zoom) return;
    this.#zoom = zoom;
    const grow = Math.max(1, Math.min(MOST_GROWN, 0.9 / zoom));
    this.#canvas.closest<HTMLElement>(".canvas")?.style.setProperty("--grow", grow.toFixed(2));
  }

  /** Where the cables are on the screen now. */
  #lines(): Map<number, Line> {
    const { transform, nodeLookup } = this.#flow();
    const [tx, ty, zoom] = transform;
    const lines = new Map<number, Line>();
    for (const { id, cable: index, a, b } of this.#edges) {
      const [from, to] = [nodeLookup.get(a), nodeLookup.get(b)];
      const cable = this.#talks === undefined ? index : lineOf(id);
      if (cable === undefined || from === undefined || to === undefined) continue;
      const start = anchorOf(from.internals.positionAbsolute);
      const end = anchorOf(to.internals.positionAbsolute);
      const length = Math.hypot(end.x - start.x, end.y - start.y) || 1;
      const cut = Math.min(ICON_RADIUS / length, 0.45);
      const [dx, dy] = [(end.x - start.x) * cut, (end.y - start.y) * cut];
      const there = { ax: (start.x + dx) * zoom + tx, ay: (start.y + dy) * zoom + ty };
      const back = { bx: (end.x - dx) * zoom + tx, by: (end.y - dy) * zoom + ty };
      const half = lines.get(cable);
      // A cable between two hosts is a network of its own in layer 3: two lines, over which a frame goes as over one.
      if (half !== undefined) lines.set(cable, a.startsWith(NETWORK) ? { ...half, ...back } : { ...half, ...there });
      else lines.set(cable, { ...there, ...back, named: this.#talks !== undefined });
    }
    return lines;
  }
}
