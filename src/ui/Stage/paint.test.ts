// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from 'vitest';
import { cellBorder, squareGrid } from '../../mae/geometry.ts';
import { reconstructionAndVisiblePanel, wholePanel } from '../../mae/panels.ts';
import { RecordingContext, recordCanvases } from '../testing/canvas.ts';
import { paint } from './paint.ts';
import type { Scene } from './scene.ts';

const grid = squareGrid(2);
const layer = { width: 4, height: 4, rgb: new Uint8ClampedArray(48) };
const painted = { width: 4, height: 4, rgb: new Uint8ClampedArray(48) };
const base: Scene = { panel: wholePanel(layer), grid, lines: false, order: null, heat: null };

function covered(...mask: number[]): Scene {
  return { ...base, panel: reconstructionAndVisiblePanel(painted, layer, grid, mask) };
}

function draw(scene: Scene, side = 101): RecordingContext {
  const context = new RecordingContext();
  paint(context as unknown as CanvasRenderingContext2D, side, 1, scene);
  return context;
}

beforeEach(() => {
  recordCanvases();
});

describe('paint', () => {
  test('covered patches are rectangles on whole pixels that leave no gap', () => {
    const context = draw(covered(1, 0, 1, 1));
    expect(context.of('rect').map(({ args }) => args)).toEqual([
      [0, 0, 51, 51],
      [0, 51, 51, 50],
      [51, 51, 50, 50],
    ]);
  });

  test.each([196, 333, 574])('14 patches fill a side of %i pixels exactly', (side) => {
    expect(cellBorder(0, 14, side)).toBe(0);
    expect(cellBorder(14, 14, side)).toBe(side);
    for (let i = 0; i <= 14; i++) expect(Number.isInteger(cellBorder(i, 14, side))).toBe(true);
  });

  test('a layer shows through the covered patches alone', () => {
    const context = draw(covered(0, 1, 0, 0));
    const kinds = context.drawings.map(({ kind }) => kind);
    expect(kinds).toEqual(['drawImage', 'save', 'beginPath', 'rect', 'clip', 'drawImage', 'restore']);
    expect(context.of('rect')[0]?.args).toEqual([51, 0, 50, 51]);
  });

  test('images are smoothed; without one the canvas shows what is beneath it', () => {
    expect(draw(base).imageSmoothingQuality).toBe('high');
    const blank = draw({ ...base, panel: null });
    expect(blank.drawings.map(({ kind, args }) => [kind, args])).toEqual([['clearRect', [0, 0, 101, 101]]]);
  });

  test('the grid has a line at each inner border, and none when it is off', () => {
    expect(draw(base).of('fillRect')).toEqual([]);
    const lines = draw({ ...base, grid: squareGrid(14), lines: true }, 224).of('fillRect');
    expect(lines.length).toBe(13 * 4);
    expect(lines.every(({ args }) => args.every(Number.isInteger))).toBe(true);
  });
});
