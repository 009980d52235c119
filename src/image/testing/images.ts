/** For tests: the images of the fixtures, made by the recipes in tools/reference/README.md. */
import { torchRand } from '../../mae/random.ts';

export type ImageRecipe =
  | { readonly kind: 'noise'; readonly seed: number }
  | { readonly kind: 'gradient' }
  | { readonly kind: 'checker' }
  | { readonly kind: 'stripes'; readonly period: number }
  | { readonly kind: 'constant'; readonly rgb: readonly number[] }
  | { readonly kind: 'dot'; readonly x: number; readonly y: number };

/** [height, width, 3] */
export function drawImage(recipe: ImageRecipe, width: number, height: number): Uint8Array<ArrayBuffer> {
  if (recipe.kind === 'noise') {
    return Uint8Array.from(torchRand(recipe.seed, width * height * 3), (value) => (value * 2 ** 24) & 255);
  }
  const image = new Uint8Array(width * height * 3);
  for (let i = 0; i < image.length; i++) {
    const c = i % 3;
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    image[i] = valueAt(recipe, x, y, c, width, height);
  }
  return image;
}

function valueAt(
  recipe: Exclude<ImageRecipe, { kind: 'noise' }>,
  x: number,
  y: number,
  c: number,
  width: number,
  height: number,
): number {
  switch (recipe.kind) {
    case 'gradient':
      if (c === 0) return Math.floor((255 * x) / Math.max(1, width - 1));
      if (c === 1) return Math.floor((255 * y) / Math.max(1, height - 1));
      return (3 * x + 5 * y) & 255;
    case 'checker':
      return 255 * ((x + y + c) & 1);
    case 'stripes':
      return 255 * ((Math.floor(x / recipe.period) + c) & 1);
    case 'constant':
      return recipe.rgb[c] as number;
    case 'dot':
      return x === recipe.x && y === recipe.y ? 255 : 0;
  }
}
