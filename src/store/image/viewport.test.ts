import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnOf, patchCount, rowOf } from '../../mae/geometry.ts';
import { FIT, MAX_ZOOM, pan, reveal, type Viewport, zoomStep, zoomTo } from './viewport.ts';

const part = fc.double({ min: 0, max: 1, noNaN: true });
const viewports: fc.Arbitrary<Viewport> = fc
  .tuple(fc.double({ min: 1, max: MAX_ZOOM, noNaN: true }), part, part)
  .map(([zoom, x, y]) => pan(zoomTo(FIT, zoom), { x: (x - 0.5) * 40, y: (y - 0.5) * 40 }));

function expectInside({ zoom, x, y }: Viewport): void {
  expect(zoom).toBeGreaterThanOrEqual(1);
  expect(zoom).toBeLessThanOrEqual(MAX_ZOOM);
  for (const start of [x, y]) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(start + 1 / zoom).toBeLessThanOrEqual(1 + 1e-12);
  }
}

test('the window stays within the image, whatever is done', () => {
  fc.assert(
    fc.property(viewports, fc.double({ min: 0, max: 100, noNaN: true }), part, part, (from, zoom, x, y) => {
      expectInside(from);
      expectInside(zoomTo(from, zoom, { x, y }));
      expectInside(zoomStep(from, 'in', { x, y }));
      expectInside(zoomStep(from, 'out'));
      expectInside(pan(from, { x: x * 50, y: -y * 50 }));
    }),
  );
});

test('what is under the pointer stays there when zooming in', () => {
  fc.assert(
    fc.property(viewports, part, part, (from, x, y) => {
      const to = zoomTo(from, from.zoom * 1.3, { x, y });
      expect(to.x + x / to.zoom).toBeCloseTo(from.x + x / from.zoom, 9);
      expect(to.y + y / to.zoom).toBeCloseTo(from.y + y / from.zoom, 9);
    }),
  );
});

test('dragging by a window’s width moves by what the window shows', () => {
  const from = zoomTo(FIT, 4, { x: 0, y: 0 });
  expect(pan(from, { x: 1, y: 0.5 })).toEqual({ zoom: 4, x: 0.25, y: 0.125 });
});

describe('the steps', () => {
  test('go from the whole image to a patch and back, without staying on one', () => {
    const levels: number[] = [1];
    let viewport = FIT;
    for (let next = zoomStep(viewport, 'in'); next !== viewport; next = zoomStep(viewport, 'in')) {
      viewport = next;
      levels.push(viewport.zoom);
    }
    expect(levels).toEqual([1, 1.5, 2, 3, 4, 6, 8, 12, 16]);
    for (let next = zoomStep(viewport, 'out'); next !== viewport; next = zoomStep(viewport, 'out')) {
      viewport = next;
    }
    expect(viewport).toBe(FIT);
  });

  test('between two of them go to the next', () => {
    expect(zoomStep(zoomTo(FIT, 2.7), 'in').zoom).toBe(3);
    expect(zoomStep(zoomTo(FIT, 2.7), 'out').zoom).toBe(2);
    expect(zoomStep(zoomTo(FIT, 1.9999), 'in').zoom).toBe(3);
  });
});

const sides = fc.integer({ min: 1, max: 20 });
const grids = fc.record({ rows: sides, columns: sides });

test('revealing a cell shows all of it, and does not move when it is in sight', () => {
  fc.assert(
    fc.property(viewports, grids, fc.nat(), (from, grid, any) => {
      const cell = any % patchCount(grid);
      const to = reveal(from, cell, grid);
      const side = 1 / to.zoom;
      expectInside(to);
      for (const [start, index, count] of [
        [to.x, columnOf(cell, grid), grid.columns],
        [to.y, rowOf(cell, grid), grid.rows],
      ] as const) {
        const first = index / count;
        const last = (index + 1) / count;
        const [inner, outer] = side < last - first ? [start, first] : [first, start];
        expect(inner).toBeGreaterThanOrEqual(outer - 1e-9);
        expect(Math.min(start + side, last)).toBeCloseTo(side < last - first ? start + side : last, 9);
      }
      const again = reveal(to, cell, grid);
      expect(again.x).toBeCloseTo(to.x, 12);
      expect(again.y).toBeCloseTo(to.y, 12);
    }),
  );
});
