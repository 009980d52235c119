// @vitest-environment jsdom
/** The stage's canvases against the reference figure, from the image's bytes and the decoder's numbers on. */
import { beforeEach, describe, expect, test } from 'vitest';
import { readFixture, uint8Array } from '../../mae/reference-fixtures.ts';
import type { PanelsFixture } from '../../mae/testing/panels-fixture.ts';
import { panelPixels } from '../../share/images.ts';
import { stageOf } from '../../share/testing/reference-stage.ts';
import { testLens } from '../../store/testing/fake-engine.ts';
import { pixelCanvases } from '../testing/canvas.ts';
import { paint } from './paint.ts';
import { combinedScene, maskedScene, originalScene, reconstructionScene, type SceneOf } from './scene.ts';

const { cases } = await readFixture<PanelsFixture>('reconstruction');

const SCENES = {
  original: originalScene,
  masked: maskedScene,
  reconstruction: reconstructionScene,
  pasted: combinedScene,
} as const;

let contextOf: ReturnType<typeof pixelCanvases>;
beforeEach(() => {
  contextOf = pixelCanvases();
});

/** The canvas of a scene, `scale` times as large as the image. */
function drawn(scene: ReturnType<SceneOf>, size: number, scale: number): Uint8ClampedArray {
  const canvas = document.createElement('canvas');
  canvas.width = size * scale;
  canvas.height = size * scale;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('There is no context.');
  paint(context, canvas, 1, scene);
  return contextOf(canvas).pixels;
}

const rgbOf = (rgba: Uint8ClampedArray) => new Uint8Array(rgba.filter((_, i) => i % 4 < 3));

describe.each(cases)('the stage with $name', (reference) => {
  const { image, result, masking } = stageOf(reference);
  const { store } = testLens().lens;
  store.setState({ image, result, masking });

  test.each(Object.entries(SCENES))('draws the panel %s of the figure, byte for byte', (name, sceneOf) => {
    const expected = uint8Array(reference.panels[name as keyof typeof SCENES]);
    const scene = sceneOf(store.getState());
    const pixels = drawn(scene, reference.image_size, 1);
    expect(rgbOf(pixels)).toEqual(expected);
    expect(pixels.every((value, i) => i % 4 < 3 || value === 255)).toBe(true);
    // Three times as large every pixel is a square of three by three.
    const side = 3 * reference.image_size;
    const enlarged = rgbOf(drawn(scene, reference.image_size, 3));
    expect(enlarged).toEqual(
      Uint8Array.from({ length: enlarged.length }, (_, i) => {
        const [y, x] = [Math.floor(Math.floor(i / 3) / side), Math.floor(i / 3) % side];
        const at = Math.floor(y / 3) * reference.image_size + Math.floor(x / 3);
        return expected[at * 3 + (i % 3)] ?? 0;
      }),
    );
  });

  test('and what is saved, and put into the figure, are the same four', () => {
    const saved = panelPixels(image, result);
    expect(saved.map(({ rgba }) => rgbOf(rgba))).toEqual(
      Object.keys(SCENES).map((name) => uint8Array(reference.panels[name as keyof typeof SCENES])),
    );
  });
});
