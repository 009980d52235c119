/**
 * Files as visitors have them, good and bad, made when a test needs them: what a file holds is then in the code,
 * and nothing large lies in the repository.
 */
import sharp from 'sharp';

/** A file for an `<input type="file">` or a drop. */
export interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

type Rgb = readonly [red: number, green: number, blue: number];

export const red: Rgb = [220, 40, 30];
export const blue: Rgb = [30, 60, 210];
const green: Rgb = [40, 170, 60];

function solid(width: number, height: number, [r, g, b]: Rgb, alpha?: number) {
  return sharp({
    create: {
      width,
      height,
      channels: alpha === undefined ? 3 : 4,
      background: { r, g, b, alpha: alpha ?? 1 },
    },
  });
}

/** One colour everywhere. */
export async function plainPng(name: string, colour: Rgb, side = 96): Promise<TestFile> {
  return { name, mimeType: 'image/png', buffer: await solid(side, side, colour).png().toBuffer() };
}

/**
 * Stored as `red` in the left and `blue` in the right half, with an EXIF orientation on top.
 *
 * @param orientation 1 to 8; 6 means that a viewer turns it clockwise by 90°, so that red is above.
 */
export async function orientedJpeg(orientation: number): Promise<TestFile> {
  const right = await solid(80, 160, blue).png().toBuffer();
  const buffer = await solid(160, 160, red)
    .composite([{ input: right, left: 80, top: 0 }])
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .withMetadata({ orientation })
    .toBuffer();
  return { name: `orientation-${orientation}.jpg`, mimeType: 'image/jpeg', buffer };
}

/** Green where it is opaque, in the right half; fully transparent, and red beneath, in the left one. */
export async function transparentPng(): Promise<TestFile> {
  const right = await solid(48, 96, green).png().toBuffer();
  const buffer = await solid(96, 96, red, 0)
    .composite([{ input: right, left: 48, top: 0 }])
    .png()
    .toBuffer();
  return { name: 'transparent.png', mimeType: 'image/png', buffer };
}

/**
 * A JPEG with a Display P3 profile put into it, its pixels as they were: a program that minds profiles would show
 * other colours.
 */
export async function withWideProfile(name: string, jpeg: Buffer): Promise<TestFile> {
  const { icc } = await sharp(await solid(8, 8, red).withIccProfile('p3').jpeg().toBuffer()).metadata();
  if (icc === undefined) throw new Error('sharp wrote no profile.');
  const body = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), icc]);
  const marker = Buffer.from([0xff, 0xe2, (body.length + 2) >> 8, (body.length + 2) & 255]);
  // Right after the start-of-image marker.
  const buffer = Buffer.concat([jpeg.subarray(0, 2), marker, body, jpeg.subarray(2)]);
  return { name, mimeType: 'image/jpeg', buffer };
}

/** 100.8 megapixels in about one megabyte: what the largest telephones' cameras give. */
export async function hugeJpeg(): Promise<TestFile> {
  const buffer = await solid(12_000, 8_400, blue).jpeg({ quality: 60 }).toBuffer();
  return { name: 'huge.jpg', mimeType: 'image/jpeg', buffer };
}

/** Files that are no image, each with a word on why. */
export async function brokenFiles(): Promise<readonly TestFile[]> {
  const side = 200;
  const noise = Buffer.from(Array.from({ length: side * side * 3 }, (_, i) => ((i * 7919) ^ (i >> 3)) & 255));
  const png = await sharp(noise, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
  const jpeg = await solid(side, side, red).jpeg().toBuffer();
  return [
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('These are words, not an image.\n') },
    { name: 'words.png', mimeType: 'image/png', buffer: Buffer.from('Words that call themselves a PNG.\n') },
    { name: 'empty.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    // The first bytes of a JPEG, then nothing that one would hold.
    { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.concat([jpeg.subarray(0, 20), noise]) },
    { name: 'header-only.png', mimeType: 'image/png', buffer: png.subarray(0, 60) },
    // As a download that broke off leaves it.
    { name: 'truncated.png', mimeType: 'image/png', buffer: png.subarray(0, png.length / 2) },
    { name: 'unsupported.tiff', mimeType: 'image/tiff', buffer: await solid(32, 32, red).tiff().toBuffer() },
  ];
}
