/** From whatever a person calls an image to pixels of a size, resized as Pillow does it. */
import { RawImage } from '@xenova/transformers';
import { LensError } from '../base/errors.ts';
import { fetchFile } from '../checkpoint/download/fetch-file.ts';
import { channelsOf } from '../image/channels.ts';
import { decodeImage, resizeDrawn } from '../image/decode.ts';
import { resizeChannels } from '../image/resample.ts';
import { hasOpacity } from '../mae/channels.ts';
import { type Geometry, imageSize, squareGrid } from '../mae/geometry.ts';
import { baseAddress, disk, isPath, pathOf } from './disk.ts';

/**
 * An image: its address (relative ones to the page; in Node also a path), a Blob or File, an ImageBitmap, a canvas, an
 * `<img>`, a video's frame, ImageData, or a RawImage.
 */
export type ImageInput =
  | string
  | URL
  | Blob
  | RawImage
  | ImageData
  | ImageBitmap
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement
  | HTMLVideoElement;

/** What pixels are wanted in. Without a size the image keeps its own. */
export interface Wanted {
  readonly channels: number;
  readonly size: { readonly height: number; readonly width: number } | null;
}

export interface Pixels {
  readonly height: number;
  readonly width: number;
  /** [H, W, C] */
  readonly data: Uint8ClampedArray;
}

/** Rejects with one of the `image-…` codes, `not-an-image`, `not-found`, `network`, `argument-invalid`. */
export async function pixelsOf(image: ImageInput, wanted: Wanted): Promise<Pixels> {
  if (typeof image === 'string' || image instanceof URL) return pixelsOf(await blobAt(String(image)), wanted);
  if (image instanceof Blob) {
    if (typeof createImageBitmap !== 'function') return fromRaw(await readRaw(image), wanted);
    const size = wanted.size ?? (await ownSize(image));
    return { ...size, data: (await decodeImage(image, geometryFor(size, wanted))).pixels };
  }
  if (isRaw(image)) return fromRaw(image, wanted);
  if (typeof image === 'object' && image !== null) {
    if ('data' in image && image.data instanceof Uint8ClampedArray && 'width' in image && 'height' in image)
      return fromRaw(new RawImage(image.data, image.width, image.height, 4), wanted);
    const drawn = await drawable(image as HTMLImageElement);
    if (drawn !== null) {
      const size = wanted.size ?? { height: drawn.height, width: drawn.width };
      return { ...size, data: resizeDrawn(drawn, geometryFor(size, wanted)) };
    }
  }
  throw new LensError('argument-invalid/no-image');
}

async function blobAt(text: string): Promise<Blob> {
  if (disk() !== null && isPath(text)) {
    try {
      return await (disk() as NonNullable<ReturnType<typeof disk>>).openAsBlob(pathOf(text));
    } catch (cause) {
      throw new LensError('image-broken/unreadable', undefined, { cause });
    }
  }
  return fetchFile(new URL(text, baseAddress()).href);
}

/** Decoded by sharp, upright. */
async function readRaw(blob: Blob): Promise<RawImage> {
  if (blob.size === 0) throw new LensError('image-empty/file');
  try {
    return await RawImage.fromBlob(blob);
  } catch (cause) {
    throw new LensError('not-an-image/unknown', undefined, { cause });
  }
}

async function ownSize(image: Blob): Promise<{ height: number; width: number }> {
  // So small that only the size is learned, and what is no image is refused with its reason.
  const { height, width } = await decodeImage(image, { grid: squareGrid(1), patchSize: 1, channels: 3 });
  return { height, width };
}

/** In patches of one pixel: only size and channels matter. */
function geometryFor({ height, width }: { height: number; width: number }, { channels }: Wanted): Geometry {
  return { grid: { rows: height, columns: width }, patchSize: 1, channels };
}

function isRaw(image: unknown): image is RawImage {
  return (
    typeof image === 'object' && image !== null && 'channels' in image && 'data' in image && 'width' in image
  );
}

function fromRaw(image: RawImage, wanted: Wanted): Pixels {
  const { width, height } = image;
  const { channels } = wanted;
  if (image.data.length !== width * height * image.channels || width < 1 || height < 1)
    throw new LensError('argument-invalid/no-image');
  const pixels = channelsOf(rgbaOf(image, !hasOpacity(channels)), channels);
  const size = wanted.size ?? { height, width };
  const geometry = imageSize(geometryFor(size, wanted));
  return { ...size, data: resizeChannels(pixels, channels, width, height, geometry.width, geometry.height) };
}

/** @param onWhite whether transparent pixels are laid on white, as those of files are */
function rgbaOf({ data, width, height, channels }: RawImage, onWhite: boolean): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const colours = channels < 3 ? [0, 0, 0] : [0, 1, 2];
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    const opacity = channels === 2 || channels === 4 ? (data[from + channels - 1] as number) : 255;
    colours.forEach((colour, c) => {
      const value = data[from + colour] as number;
      rgba[to + c] = onWhite ? Math.round((value * opacity + 255 * (255 - opacity)) / 255) : value;
    });
    rgba[to + 3] = onWhite ? 255 : opacity;
  }
  return rgba;
}

/** An element at its own size, not at the one that it is shown at. */
async function drawable(
  image: HTMLImageElement,
): Promise<ImageBitmap | OffscreenCanvas | HTMLCanvasElement | null> {
  if (typeof createImageBitmap !== 'function') return null;
  if (typeof ImageBitmap !== 'undefined' && (image as unknown) instanceof ImageBitmap)
    return image as unknown as ImageBitmap;
  if (typeof OffscreenCanvas !== 'undefined' && (image as unknown) instanceof OffscreenCanvas)
    return image as unknown as OffscreenCanvas;
  try {
    if (image.complete === false) await image.decode();
    return await createImageBitmap(image, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  } catch (cause) {
    throw new LensError('argument-invalid/no-image', undefined, { cause });
  }
}
