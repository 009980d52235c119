/** Files that are to be opened as images. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Kinds that only some browsers open. */
const RARE_KINDS = {
  avif: 'AVIF',
  heic: 'HEIC',
  jxl: 'JPEG XL',
  tiff: 'TIFF and camera raw',
} as const;

const damaged = (kind: string, orElse = '') =>
  `The browser could not decode this ${kind.toUpperCase()} file: it is damaged or incomplete${orElse}. Open it in another program and save it again.`;

export const imageErrors = {
  'image-broken/damaged': ({ kind }: { readonly kind: string }) => damaged(kind),
  'image-broken/damaged-or-large': ({ kind, width, height }: Size & { readonly kind: string }) =>
    damaged(kind, `, or its ${width} x ${height} pixels are too many for this browser`),
  'image-broken/unreadable':
    'This file could not be read. It may have been moved or deleted, or be a folder; choose it again.',
  'image-empty/file': 'This file is empty. Choose another image, or save it again.',
  'image-too-large/megapixels': ({ width, height, limit }: Size & { readonly limit: number }) =>
    `This image has ${width} x ${height} pixels (${Math.round((width * height) / 1e6)} megapixels); the limit is ${limit} megapixels. Make it smaller and try again.`,
  'image-too-large/pixels': ({ width, height }: Size) =>
    `This browser could not read the pixels of an image of ${width} x ${height}. Make it smaller and try again.`,
  'image-unsupported/pdf':
    'PDF files cannot be opened here. Save the page as PNG or JPEG and choose that file.',
  'image-unsupported/psd':
    'Photoshop files cannot be opened here. Export it as PNG or JPEG and choose that file.',
  'image-unsupported/rare-kind': ({ kind }: { readonly kind: keyof typeof RARE_KINDS }) =>
    `${RARE_KINDS[kind]} images cannot be opened by this browser; save it as JPEG or PNG.`,
  'image-unsupported/svg': 'SVG files are drawings without pixels. Export it as PNG and choose that file.',
  'image-unsupported/video': 'This is a video. Save one of its frames as PNG or JPEG and choose that file.',
  'not-an-image/text': 'This file is text, not an image. Choose a JPEG, PNG, WebP, GIF or AVIF file.',
  'not-an-image/unknown': 'This file is not an image. Choose a JPEG, PNG, WebP, GIF or AVIF file.',
  'not-an-image/web-page':
    'This file is a web page, not an image; the download may have gone wrong. Save the image itself.',
} as const;
