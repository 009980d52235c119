/**
 * From a file to an image of the model's size. The browser decodes and turns it upright; the pixels are then read
 * in bands, so that the image never lies in our own memory as a whole.
 *
 * Two things differ from `PIL.Image.open`: the orientation in a camera's metadata is applied, since people expect
 * to see their photo upright, and transparent images lie on white unless opacity is one of the model's channels. Colour
 * profiles are ignored, as there.
 */
import { LensError } from '../base/errors.ts';
import { hasOpacity, RGB_CHANNELS } from '../mae/channels.ts';
import { type Geometry, imageHeight, imageWidth } from '../mae/geometry.ts';
import { channelsOf } from './channels.ts';
import { type FileKind, HEADER_BYTES, type ImageSize, readSize, sniff } from './header.ts';
import { BilinearResizer } from './resample.ts';

/** Beyond this the browsers' decoders fail or take the whole page with them. */
const MAX_MEGAPIXELS = 300;

/** From here on a phone's browser may refuse an image for its size alone. */
const LARGE_MEGAPIXELS = 50;

/** Pixels in a band: 16 MB as RGBA. */
const BAND_PIXELS = 4_000_000;

export interface DecodedImage {
  /** Size of the upright image as it came, in pixels. */
  readonly width: number;
  readonly height: number;
  /** [H, W, C], resized as Pillow does it. */
  readonly pixels: Uint8ClampedArray;
}

/**
 * Decodes an image, in a page or a worker, and resizes it to exactly the size and the channels of `geometry`. Of an
 * animation it is the first frame.
 * @throws LensError `image-empty`, `not-an-image`, `image-unsupported`, `image-broken`,
 * `image-too-large`
 */
export async function decodeImage(image: Blob, geometry: Geometry): Promise<DecodedImage> {
  const { kind, stated } = await inspect(image);
  const bitmap = await decode(image, kind, stated);
  try {
    refuseTooLarge(bitmap);
    return { width: bitmap.width, height: bitmap.height, pixels: resize(bitmap, geometry) };
  } finally {
    bitmap.close();
  }
}

/** Looks at the file's beginning and refuses what is hopeless or dangerous to decode. */
async function inspect(image: Blob): Promise<{ kind: FileKind; stated: ImageSize | null }> {
  if (image.size === 0) {
    throw new LensError('image-empty/file');
  }
  const header = await readHeader(image);
  const kind = sniff(header);
  const refusal = REFUSED[kind];
  if (refusal !== undefined) throw new LensError(refusal);
  const stated = readSize(kind, header);
  if (stated !== null) refuseTooLarge(stated);
  return { kind, stated };
}

async function readHeader(image: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await image.slice(0, HEADER_BYTES).arrayBuffer());
  } catch (cause) {
    throw new LensError('image-broken/unreadable', undefined, { cause });
  }
}

async function decode(image: Blob, kind: FileKind, stated: ImageSize | null): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(image, {
      imageOrientation: 'from-image',
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
  } catch (cause) {
    throw decodingFailed(kind, stated, cause);
  }
}

/** Reads the bitmap band by band, laid on white where its opacity is not wanted. */
function resize(bitmap: ImageBitmap, geometry: Geometry): Uint8ClampedArray {
  const { width, height } = bitmap;
  const { channels } = geometry;
  const transparent = hasOpacity(channels);
  const resizer = new BilinearResizer(width, height, imageWidth(geometry), imageHeight(geometry), {
    channels,
  });
  const bandHeight = Math.min(height, Math.max(1, Math.floor(BAND_PIXELS / width)));
  try {
    const canvas = new OffscreenCanvas(width, bandHeight);
    // Read back at once each time, so it had better not live on the GPU.
    const context = canvas.getContext('2d', { alpha: transparent, willReadFrequently: true });
    if (context === null) throw new Error('no 2D context');
    context.fillStyle = '#fff';
    for (let y = 0; y < height; y += bandHeight) {
      if (transparent) context.clearRect(0, 0, width, bandHeight);
      else context.fillRect(0, 0, width, bandHeight);
      context.drawImage(bitmap, 0, -y);
      const { data } = context.getImageData(0, 0, width, Math.min(bandHeight, height - y));
      if (channels === RGB_CHANNELS) resizer.push(data, 4);
      else resizer.push(channelsOf(data, channels), channels);
    }
  } catch (cause) {
    throw new LensError('image-too-large/pixels', { width, height }, { cause });
  }
  return resizer.finish();
}

function refuseTooLarge({ width, height }: ImageSize): void {
  if (width * height <= MAX_MEGAPIXELS * 1e6) return;
  throw new LensError('image-too-large/megapixels', { width, height, limit: MAX_MEGAPIXELS });
}

type Refusal = `image-unsupported/${'pdf' | 'psd' | 'svg' | 'video'}` | `not-an-image/${'text' | 'web-page'}`;

/** Kinds that no browser decodes, each with its way out. */
const REFUSED: { readonly [K in FileKind]?: Refusal } = {
  svg: 'image-unsupported/svg',
  pdf: 'image-unsupported/pdf',
  psd: 'image-unsupported/psd',
  video: 'image-unsupported/video',
  'web-page': 'not-an-image/web-page',
  text: 'not-an-image/text',
};

/** Kinds that only some browsers decode, so a failure need not mean damage. */
const RARE_KINDS = ['heic', 'tiff', 'jxl', 'avif'] as const satisfies readonly FileKind[];

function decodingFailed(kind: FileKind, stated: ImageSize | null, cause: unknown): LensError {
  const rare = RARE_KINDS.find((one) => one === kind);
  if (rare !== undefined) return new LensError('image-unsupported/rare-kind', { kind: rare }, { cause });
  if (kind === 'unknown') return new LensError('not-an-image/unknown', undefined, { cause });
  if (stated === null || stated.width * stated.height <= LARGE_MEGAPIXELS * 1e6)
    return new LensError('image-broken/damaged', { kind }, { cause });
  const { width, height } = stated;
  return new LensError('image-broken/damaged-or-large', { kind, width, height }, { cause });
}
