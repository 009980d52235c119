// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from 'vitest';
import { RecordingContext, recordCanvases } from '../testing/canvas.ts';
import { border, MASK_GREY, paint } from './paint.ts';
import type { Scene } from './scene.ts';

const layer = { size: 4, rgb: new Uint8ClampedArray(48) };
const painted = { size: 4, rgb: new Uint8ClampedArray(48) };
const base: Scene = { base: layer, cover: null, grid: 2, lines: false, order: null, heat: null };

function draw(scene: Scene, side = 101): RecordingContext {
  const context = new RecordingContext();
  paint(context as unknown as CanvasRenderingContext2D, side, 1, scene);
  return context;
}

beforeEach(() => {
  recordCanvases();
});

describe('paint', () => {
  test('masked patches are grey rectangles on whole pixels that leave no gap', () => {
    const context = draw({ ...base, cover: { mask: Uint8Array.of(1, 0, 1, 1), with: 'grey' } });
    expect(context.of('rect').map(({ args }) => args)).toEqual([
      [0, 0, 51, 51],
      [0, 51, 51, 50],
      [51, 51, 50, 50],
    ]);
    expect(context.of('fill')[0]?.fillStyle).toBe(MASK_GREY);
  });

  test.each([196, 333, 574])('14 patches fill a side of %i pixels exactly', (side) => {
    expect(border(0, 14, side)).toBe(0);
    expect(border(14, 14, side)).toBe(side);
    for (let i = 0; i <= 14; i++) expect(Number.isInteger(border(i, 14, side))).toBe(true);
  });

  test('a painted layer shows through the masked patches alone', () => {
    const context = draw({ ...base, cover: { mask: Uint8Array.of(0, 1, 0, 0), with: painted } });
    const kinds = context.drawings.map(({ kind }) => kind);
    expect(kinds).toEqual([
      'fillRect',
      'drawImage',
      'save',
      'beginPath',
      'rect',
      'clip',
      'drawImage',
      'restore',
    ]);
    expect(context.of('rect')[0]?.args).toEqual([51, 0, 50, 51]);
  });

  test('images are smoothed; without one the panel is the mask’s grey', () => {
    expect(draw(base).imageSmoothingQuality).toBe('high');
    const blank = draw({ ...base, base: null });
    expect(blank.of('drawImage')).toEqual([]);
    expect(blank.of('fillRect')[0]).toMatchObject({ args: [0, 0, 101, 101], fillStyle: MASK_GREY });
  });

  test('the grid has a line at each inner border, and none when it is off', () => {
    expect(draw(base).of('fillRect').length).toBe(1);
    const lines = draw({ ...base, grid: 14, lines: true }, 224)
      .of('fillRect')
      .slice(1);
    expect(lines.length).toBe(13 * 4);
    expect(lines.every(({ args }) => args.every(Number.isInteger))).toBe(true);
  });
});
