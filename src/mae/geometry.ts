/** How an image is cut into patches. Apart from config.ts, so that the page has it without that one's schema. */

/** Sides of image and patch in pixels, named as in config.json. */
interface Sides {
  readonly image_size: number;
  readonly patch_size: number;
}

/** Patches along one side of the image. */
export function gridSize({ image_size, patch_size }: Sides): number {
  return image_size / patch_size;
}

/** L: patches in an image. */
export function numPatches(sides: Sides): number {
  return gridSize(sides) ** 2;
}

/** N = p·p·3: values in a patch. */
export function patchDim({ patch_size }: Pick<Sides, 'patch_size'>): number {
  return patch_size ** 2 * 3;
}
