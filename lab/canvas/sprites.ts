/** Labels are drawn once and copied from then on: writing text costs far more than copying it. */
const SPRITES_LIMIT = 400;
const HEIGHT = 18;
const FONT = 11;

export interface Sprite {
  readonly image: HTMLCanvasElement;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** The colours of the page, resolved: a 2D canvas knows no custom properties. */
export interface Palette {
  readonly ground: string;
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly bad: string;
  readonly badSoft: string;
  readonly warn: string;
  readonly accent: string;
  readonly groups: Readonly<Record<string, string>>;
}

const GROUPS = ["arp", "icmp", "tcp", "udp", "dns", "http", "tls", "chat", "other"];

/** Reads the colours that hold for an element now. */
export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = {
    ground: colour("ground"),
    ...{ surface: colour("surface"), text: colour("text"), muted: colour("text-muted"), accent: colour("accent") },
    ...{ bad: colour("bad"), badSoft: colour("bad-soft"), warn: colour("warn") },
    groups: Object.fromEntries(GROUPS.map((group) => [group, colour(`protocol-${group}`)])),
  };
  probe.remove();
  return palette;
}

export const colourOf = (palette: Palette, group: string): string => palette.groups[group] ?? palette.muted;

/** Pills with a few words in them, each drawn once. */
export class Sprites {
  readonly #sprites = new Map<string, Sprite>();
  readonly #ratio: number;
  readonly palette: Palette;
  readonly #font: string;

  /** @param ratio device pixels in a CSS pixel */
  constructor(palette: Palette, ratio: number, family: string) {
    this.palette = palette;
    this.#ratio = ratio;
    this.#font = `600 ${FONT}px ${family}`;
  }

  /** A label: filled with its colour for what moves, outlined for what is left of it. */
  label(text: string, colour: string, filled: boolean): Sprite {
    const key = `${filled ? 1 : 0}${colour}${text}`;
    const known = this.#sprites.get(key);
    if (known !== undefined) return known;
    const sprite = this.#draw(text, colour, filled);
    if (this.#sprites.size >= SPRITES_LIMIT) this.#sprites.delete(this.#sprites.keys().next().value as string);
    this.#sprites.set(key, sprite);
    return sprite;
  }

  #draw(text: string, colour: string, filled: boolean): Sprite {
    const image = document.createElement("canvas");
    const measure = image.getContext("2d") as CanvasRenderingContext2D;
    measure.font = this.#font;
    const width = Math.ceil(measure.measureText(text).width) + 14;
    image.width = Math.ceil(width * this.#ratio);
    image.height = Math.ceil(HEIGHT * this.#ratio);
    const to = image.getContext("2d") as CanvasRenderingContext2D;
    to.scale(this.#ratio, this.#ratio);
    to.font = this.#font;
    to.textBaseline = "middle";
    to.beginPath();
    to.roundRect(0.75, 0.75, width - 1.5, HEIGHT - 1.5, HEIGHT / 2);
    to.fillStyle = filled ? colour : this.palette.surface;
    to.fill();
    to.lineWidth = 1.5;
    to.strokeStyle = filled ? this.palette.surface : colour;
    to.stroke();
    to.fillStyle = filled ? this.palette.surface : colour;
    to.fillText(text, 7, HEIGHT / 2 + 0.5);
    return { image, width, height: HEIGHT };
  }
}
