import { afterEach, describe, expect, test, vi } from 'vitest';
import { square } from '../mae/testing/square.ts';
import { decodeImage } from './decode.ts';
import { resizeBilinear } from './resample.ts';
import { drawImage } from './testing/images.ts';

const PNG = '\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR';
const JPEG = '\xff\xd8\xff\xe0\0\x04\0\0\xff\xc0\0\x11\x08\x23\x28\x2e\xe0\x03';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('decodeImage', () => {
  test.each([
    ['an empty file', '', 'image-empty', 'empty'],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image-unsupported', 'SVG'],
    ['a PDF', '%PDF-1.7', 'image-unsupported', 'PDF'],
    ['a Photoshop file', '8BPS\0\x01', 'image-unsupported', 'Photoshop'],
    ['a video', '\0\0\0\x14ftypisom\0\0\0\0avc1', 'image-unsupported', 'video'],
    ['a web page', '<!doctype html>', 'not-an-image', 'web page'],
    ['text', 'Hello.', 'not-an-image', 'text'],
    ['a PNG of 400 megapixels', `${PNG}\0\0\x4e\x20\0\0\x4e\x20`, 'image-too-large', '20000 x 20000'],
  ])('refuses %s without decoding it', async (_, content, code, said) => {
    const createImageBitmap = stubDecoder(null);
    await expectRefusal(blobOf(content), code, said);
    expect(createImageBitmap).not.toHaveBeenCalled();
  });

  test.each([
    ['a damaged PNG', PNG, 'image-broken', 'PNG file: it is damaged'],
    ['a JPEG that the browser cannot hold', JPEG, 'image-broken', '12000 x 9000 pixels are too many'],
    ['a HEIC', '\0\0\0\x14ftypheic\0\0\0\0mif1', 'image-unsupported', 'HEIC images cannot be opened'],
    ['a TIFF', 'II*\0\x08\0\0\0', 'image-unsupported', 'TIFF'],
    ['a JPEG XL', '\xff\x0a\xfa\0', 'image-unsupported', 'JPEG XL'],
    ['an AVIF', '\0\0\0\x14ftypavif\0\0\0\0mif1', 'image-unsupported', 'AVIF'],
    ['an archive', 'PK\x03\x04\x14\0', 'not-an-image', 'not an image'],
  ])('says what to do when the decoder refuses %s', async (_, content, code, said) => {
    stubDecoder(null);
    await expectRefusal(blobOf(content), code, said);
  });

  test('says so when the file has gone', async () => {
    const gone = blobOf(PNG);
    vi.spyOn(gone, 'slice').mockImplementation(() => {
      throw new DOMException('gone', 'NotReadableError');
    });
    await expectRefusal(gone, 'image-broken', 'could not be read');
  });

  test('refuses a decoded image that is too large, and frees it', async () => {
    const bitmap = new FakeBitmap(20_000, 20_000, new Uint8Array());
    stubDecoder(bitmap);
    await expectRefusal(blobOf(PNG), 'image-too-large', '300 megapixels');
    expect(bitmap.close).toHaveBeenCalledOnce();
  });

  test('reads bands of at most four megapixels and resizes them as one image', async () => {
    const [width, height] = [2500, 3300];
    const rgb = drawImage({ kind: 'gradient' }, width, height);
    const bitmap = new FakeBitmap(width, height, rgb);
    stubDecoder(bitmap);
    const bands = stubCanvas();

    const image = await decodeImage(blobOf(PNG), square(24, 4));
    expect(image).toEqual({ width, height, pixels: resizeBilinear(rgb, width, height, 24, 24) });
    expect(bands).toEqual([1600, 1600, 100]);
    expect(bitmap.close).toHaveBeenCalledOnce();
  });

  test('lays transparent pixels on white', async () => {
    stubDecoder(new FakeBitmap(2, 2, null));
    stubCanvas();
    const { pixels } = await decodeImage(blobOf(PNG), square(2, 1));
    expect(pixels.every((value) => value === 255)).toBe(true);
  });

  test('says so when there is no memory for a canvas, and frees the image', async () => {
    const bitmap = new FakeBitmap(2, 2, null);
    stubDecoder(bitmap);
    vi.stubGlobal(
      'OffscreenCanvas',
      class {
        getContext(): null {
          return null;
        }
      },
    );
    await expectRefusal(blobOf(PNG), 'image-too-large', '2 x 2');
    expect(bitmap.close).toHaveBeenCalledOnce();
  });
});

/** RGB, or nothing but transparency. */
class FakeBitmap {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array | null;
  readonly close = vi.fn();

  constructor(width: number, height: number, rgb: Uint8Array | null) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }
}

/** A browser whose decoder always gives this image; null means that it refuses. */
function stubDecoder(bitmap: FakeBitmap | null) {
  const createImageBitmap = vi.fn(() =>
    bitmap === null ? Promise.reject(new DOMException('no', 'InvalidStateError')) : Promise.resolve(bitmap),
  );
  vi.stubGlobal('createImageBitmap', createImageBitmap);
  return createImageBitmap;
}

/** A canvas that can do what decoding needs; returns the heights of the bands that are read. */
function stubCanvas(): number[] {
  const bands: number[] = [];
  class FakeCanvas {
    readonly #width: number;
    readonly #data: Uint8ClampedArray;
    fillStyle = '';

    constructor(width: number, height: number) {
      this.#width = width;
      this.#data = new Uint8ClampedArray(width * height * 4);
    }

    getContext(): this {
      return this;
    }

    fillRect(): void {
      if (this.fillStyle === '#fff') this.#data.fill(255);
    }

    drawImage({ rgb }: FakeBitmap, _x: number, y: number): void {
      if (rgb === null) return;
      const pixels = this.#data.length / 4;
      for (let i = 0; i < pixels; i++) {
        const at = (i - y * this.#width) * 3;
        if (at >= rgb.length) return;
        for (let c = 0; c < 3; c++) this.#data[i * 4 + c] = rgb[at + c] as number;
      }
    }

    getImageData(_x: number, _y: number, width: number, height: number): { data: Uint8ClampedArray } {
      bands.push(height);
      return { data: this.#data.slice(0, width * height * 4) };
    }
  }
  vi.stubGlobal('OffscreenCanvas', FakeCanvas);
  return bands;
}

async function expectRefusal(image: Blob, code: string, said: string): Promise<void> {
  await expect(decodeImage(image, square(24, 4))).rejects.toMatchObject({
    name: 'LensError',
    code,
    message: expect.stringContaining(said),
  });
}

/** A file with these bytes, written in Latin-1. */
function blobOf(content: string): Blob {
  return new Blob([Uint8Array.from(content, (char) => char.charCodeAt(0))]);
}
