/** Pixels as the browser decodes them, in the channels that a model takes; see mae/channels.ts. Bytes are Pillow's. */
import { hasOpacity, isGrey, RGB_CHANNELS } from '../mae/channels.ts';

/**
 * `Image.convert` of Pillow to "L", "LA", "RGB" or "RGBA", by the number of channels.
 * @param rgba [pixels, 4]; the opacity counts only where `hasOpacity`
 * @returns [pixels, channels]
 */
export function channelsOf(rgba: Uint8ClampedArray, channels: number): Uint8ClampedArray {
  if (channels === 4) return rgba;
  const pixels = rgba.length / 4;
  const made = new Uint8ClampedArray(pixels * channels);
  const opacity = hasOpacity(channels);
  const colours = isGrey(channels) ? 0 : RGB_CHANNELS;
  for (let i = 0; i < pixels; i++) {
    const from = i * 4;
    const to = i * channels;
    for (let c = 0; c < colours; c++) made[to + c] = rgba[from + c] as number;
    if (channels > colours) made.fill(greyOf(rgba, from), to + colours, to + channels);
    if (opacity) made[to + channels - 1] = rgba[from + 3] as number;
  }
  return made;
}

/** ITU-R 601 in Pillow's fixed point (L24 in src/libImaging/Convert.c). */
function greyOf(rgb: Uint8ClampedArray, at: number): number {
  const [red, green, blue] = [rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number];
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/**
 * Colours times opacity, as Pillow has them while it resizes (MULDIV255 in src/libImaging/ImagingUtils.h), in place.
 * @param pixels [pixels, channels], the last of which is opacity
 */
export function premultiply(pixels: Uint8ClampedArray, channels: number): void {
  const last = channels - 1;
  for (let at = 0; at < pixels.length; at += channels) {
    const opacity = pixels[at + last] as number;
    if (opacity === 255) continue;
    for (let c = at; c < at + last; c++) {
      const product = (pixels[c] as number) * opacity + 128;
      pixels[c] = ((product >> 8) + product) >> 8;
    }
  }
}

/** And back (rgba2rgbA in src/libImaging/Convert.c), in place. */
export function unpremultiply(pixels: Uint8ClampedArray, channels: number): void {
  const last = channels - 1;
  for (let at = 0; at < pixels.length; at += channels) {
    const opacity = pixels[at + last] as number;
    if (opacity === 255 || opacity === 0) continue;
    for (let c = at; c < at + last; c++) pixels[c] = Math.trunc((255 * (pixels[c] as number)) / opacity);
  }
}
