import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { en } from '../locales/en.ts';
import { drawFigure } from './figure.ts';
import { FIGURE_PANELS, figureLayout, scaleForWidth } from './figure-layout.ts';

const sides = fc.integer({ min: 16, max: 1024 });
const sizes = fc.record({ width: sides, height: sides });
const BASE = { width: 224, height: 224 };
const scales = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.double({ min: 0.5, max: 4, noNaN: true }));

describe('figureLayout', () => {
  test('is that of four panels of 224 pixels', () => {
    const { width, height, panels } = figureLayout(
      BASE,
      1,
      FIGURE_PANELS.map((name) => en.stage.titles[name]),
    );
    expect([width, height]).toEqual([961, 276]);
    expect(panels.map(({ title, x, y, width }) => [title, x, y, width])).toEqual([
      ['original', 13, 39, 224],
      ['masked', 250, 39, 224],
      ['reconstruction', 487, 39, 224],
      ['reconstruction + visible', 724, 39, 224],
    ]);
  });

  test('keeps everything apart, inside and on whole pixels', () => {
    fc.assert(
      fc.property(sizes, scales, fc.integer({ min: 1, max: 6 }), (size, scale, count) => {
        const titles = Array.from({ length: count }, (_, i) => `panel ${i}`);
        const { width, height, fontSize, panels } = figureLayout(size, scale, titles);
        let right = 0;
        for (const { x, y, titleY, ...panel } of panels) {
          expect([x, y, panel.width, panel.height].every(Number.isInteger)).toBe(true);
          expect(panel).toMatchObject({
            width: Math.round(size.width * scale),
            height: Math.round(size.height * scale),
          });
          expect(x).toBeGreaterThan(right);
          right = x + panel.width;
          expect(titleY).toBeGreaterThanOrEqual(fontSize);
          expect(y).toBeGreaterThan(titleY);
          expect(y + panel.height).toBeLessThan(height);
        }
        expect(right).toBeLessThan(width);
      }),
    );
  });

  test('refuses a figure without a size', () => {
    expect(() => figureLayout({ width: 8, height: 0 }, 1, FIGURE_PANELS)).toThrow(RangeError);
    expect(() => figureLayout(BASE, Number.NaN, FIGURE_PANELS)).toThrow(RangeError);
  });
});

test('scaleForWidth is the largest that fits', () => {
  expect(scaleForWidth(BASE, 100)).toBe(1);
  expect(scaleForWidth(BASE, 2000)).toBe(2);
  expect(scaleForWidth(BASE, 1920)).toBe(figureLayout(BASE, 2, FIGURE_PANELS).width <= 1920 ? 2 : 1);
  expect(scaleForWidth({ width: 16, height: 900 }, 2000)).toBeGreaterThan(20);
  expect(scaleForWidth(BASE, 3000, 5)).toBe(2);
  expect(scaleForWidth(BASE, 3000)).toBe(3);
});

test('drawFigure draws every image once, in its place, under its title', () => {
  const calls: unknown[][] = [];
  const context = {
    fillRect: (...args: unknown[]) => calls.push(['fillRect', ...args]),
    drawImage: (...args: unknown[]) => calls.push(['drawImage', ...args]),
    fillText: (...args: unknown[]) => calls.push(['fillText', ...args]),
  };
  const layout = figureLayout(BASE, 2, FIGURE_PANELS);
  const images = FIGURE_PANELS.map((name) => ({ name }));
  drawFigure(
    context as unknown as CanvasRenderingContext2D,
    layout,
    images as unknown as CanvasImageSource[],
  );
  expect(calls[0]).toEqual(['fillRect', 0, 0, layout.width, layout.height]);
  expect(calls.slice(1)).toEqual(
    layout.panels.flatMap(({ title, x, y, width, height, titleX, titleY }, i) => [
      ['drawImage', images[i], x, y, width, height],
      ['fillText', title, titleX, titleY, width],
    ]),
  );
  expect(context).toMatchObject({ imageSmoothingEnabled: false, textAlign: 'center' });
});
