/** A canvas that writes down what is drawn on it: jsdom has none. */
import { vi } from 'vitest';

export interface Drawing {
  readonly kind:
    | 'fillRect'
    | 'clearRect'
    | 'rect'
    | 'fill'
    | 'clip'
    | 'drawImage'
    | 'save'
    | 'restore'
    | 'beginPath'
    | 'fillText'
    | 'strokeText';
  readonly args: readonly unknown[];
  readonly fillStyle: string;
}

export class RecordingContext {
  readonly drawings: Drawing[] = [];
  fillStyle = '';
  imageSmoothingEnabled = false;
  imageSmoothingQuality = '';
  font = '';

  fillRect = this.#record('fillRect');
  clearRect = this.#record('clearRect');
  rect = this.#record('rect');
  fill = this.#record('fill');
  clip = this.#record('clip');
  drawImage = this.#record('drawImage');
  save = this.#record('save');
  restore = this.#record('restore');
  beginPath = this.#record('beginPath');
  fillText = this.#record('fillText');
  strokeText = this.#record('strokeText');
  putImageData = (): void => {};
  createImageData = (width: number, height: number): { data: Uint8ClampedArray } => ({
    data: new Uint8ClampedArray(width * height * 4),
  });

  #record(kind: Drawing['kind']) {
    return (...args: unknown[]): void => {
      this.drawings.push({ kind, args, fillStyle: this.fillStyle });
    };
  }

  of(kind: Drawing['kind']): readonly Drawing[] {
    return this.drawings.filter((drawing) => drawing.kind === kind);
  }
}

/** Gives every canvas a recording context, until mocks are restored. */
export function recordCanvases(): (canvas: HTMLCanvasElement) => RecordingContext {
  const contexts = new WeakMap<HTMLCanvasElement, RecordingContext>();
  const contextOf = (canvas: HTMLCanvasElement): RecordingContext => {
    const context = contexts.get(canvas) ?? new RecordingContext();
    contexts.set(canvas, context);
    return context;
  };
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(function (this: HTMLCanvasElement) {
    return contextOf(this) as unknown as RenderingContext;
  } as HTMLCanvasElement['getContext']);
  vi.spyOn(HTMLCanvasElement.prototype, 'clientWidth', 'get').mockReturnValue(224);
  vi.spyOn(HTMLCanvasElement.prototype, 'clientHeight', 'get').mockReturnValue(224);
  return contextOf;
}

/**
 * A context that has pixels, for as much of canvas as the stage's panels use: images at whole pixels, enlarged to the
 * nearest one, and clips made of rectangles.
 */
export class PixelContext {
  imageSmoothingEnabled = false;
  imageSmoothingQuality = '';
  fillStyle = '';
  readonly #canvas: HTMLCanvasElement;
  /** [H, W, 4] */
  #pixels = new Uint8ClampedArray();
  #path: (readonly [number, number, number, number])[] = [];
  #clip: Uint8Array | null = null;
  readonly #saved: (Uint8Array | null)[] = [];

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** A canvas forgets everything when its size is set; here it does where that changes. */
  get pixels(): Uint8ClampedArray {
    const { width, height } = this.#canvas;
    if (this.#pixels.length !== width * height * 4) this.#pixels = new Uint8ClampedArray(width * height * 4);
    return this.#pixels;
  }

  save = (): void => {
    this.#saved.push(this.#clip);
  };

  restore = (): void => {
    this.#clip = this.#saved.pop() ?? null;
  };

  beginPath = (): void => {
    this.#path = [];
  };

  rect = (...place: [number, number, number, number]): void => {
    this.#path.push(place);
  };

  clip = (): void => {
    const { width, height } = this.#canvas;
    const clip = new Uint8Array(width * height);
    for (const [left, top, w, h] of this.#path)
      for (let y = top; y < top + h; y++) clip.fill(1, y * width + left, y * width + left + w);
    this.#clip = this.#clip?.map((value, i) => value & (clip[i] ?? 0)) ?? clip;
  };

  createImageData = (width: number, height: number) => ({
    width,
    height,
    data: new Uint8ClampedArray(width * height * 4),
  });

  putImageData = ({ data }: { readonly data: Uint8ClampedArray }): void => {
    this.pixels.set(data);
  };

  clearRect = (): void => {
    this.pixels.fill(0);
  };

  drawImage = (source: HTMLCanvasElement, left: number, top: number, width: number, height: number): void => {
    const from = (source.getContext('2d') as unknown as PixelContext).pixels;
    const { pixels } = this;
    for (let y = 0; y < this.#canvas.height; y++) {
      for (let x = 0; x < this.#canvas.width; x++) {
        const column = Math.floor(((x - left) * source.width) / width);
        const row = Math.floor(((y - top) * source.height) / height);
        const inside = column >= 0 && column < source.width && row >= 0 && row < source.height;
        const to = y * this.#canvas.width + x;
        if (!inside || this.#clip?.[to] === 0) continue;
        const at = (row * source.width + column) * 4;
        pixels.set(from.subarray(at, at + 4), to * 4);
      }
    }
  };
}

/** What was drawn on a canvas stays when mocks are restored: code may keep its bitmaps. */
const pixelContexts = new WeakMap<HTMLCanvasElement, PixelContext>();

/** Gives every canvas a context with pixels, until mocks are restored. */
export function pixelCanvases(): (canvas: HTMLCanvasElement) => PixelContext {
  const contextOf = (canvas: HTMLCanvasElement): PixelContext => {
    const context = pixelContexts.get(canvas) ?? new PixelContext(canvas);
    pixelContexts.set(canvas, context);
    return context;
  };
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(function (this: HTMLCanvasElement) {
    return contextOf(this) as unknown as RenderingContext;
  } as HTMLCanvasElement['getContext']);
  return contextOf;
}
