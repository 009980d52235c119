/** A canvas that writes down what is drawn on it: jsdom has none. */
import { vi } from 'vitest';

export interface Drawing {
  readonly kind:
    | 'fillRect'
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
  return contextOf;
}
