/** The samples as the strip beneath the controls shows them: small, so that they take nothing from the first image. */
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { SAMPLES } from '../../src/store/image/samples.ts';

/** In pixels: twice what a laptop shows, in the strip's own shape. */
const WIDTH = 320;
const HEIGHT = 200;

/** Writes public/samples/thumbnails. */
export async function writeThumbnails(): Promise<void> {
  const inPublic = (file: string) => fileURLToPath(new URL(`../../public/${file}`, import.meta.url));
  await rm(inPublic('samples/thumbnails'), { recursive: true, force: true });
  await mkdir(inPublic('samples/thumbnails'), { recursive: true });
  for (const { file, thumbnail } of SAMPLES)
    await sharp(inPublic(file))
      .resize(WIDTH, HEIGHT, { fit: 'cover' })
      .webp({ quality: 70, effort: 6 })
      .toFile(inPublic(thumbnail));
}
