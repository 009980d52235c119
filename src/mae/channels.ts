/**
 * What a pixel's channels stand for. A model knows only how many there are; up to four are read as Pillow's modes "L",
 * "LA", "RGB" and "RGBA". More than four have no mode there: ours are red, green, blue, and grey for every further one.
 */

/** Red, green, blue: what nearly every model takes. */
export const RGB_CHANNELS = 3;

/** Whether the last channel is opacity; otherwise transparent images lie on white. */
export function hasOpacity(channels: number): boolean {
  return channels === 2 || channels === 4;
}

/** Whether the first channel is grey; otherwise the first three are red, green and blue. */
export function isGrey(channels: number): boolean {
  return channels < RGB_CHANNELS;
}

/** The channels that panels show as red, green and blue; opacity and further channels are not shown. */
export function shownChannels(channels: number): readonly [number, number, number] {
  return isGrey(channels) ? [0, 0, 0] : [0, 1, 2];
}

/** Pillow's mode of so many channels; null beyond four. */
export function pillowMode(channels: number): 'L' | 'LA' | 'RGB' | 'RGBA' | null {
  return ([null, 'L', 'LA', 'RGB', 'RGBA'] as const)[channels] ?? null;
}

/** An image's pixels in Python, [H, W, C], uint8: of `image`, an RGB or RGBA image of Pillow, resized to `size`. */
export function pythonPixels(channels: number, size: string): readonly string[] {
  const resized = (mode: string) =>
    `np.asarray(image.convert("${mode}").resize(${size}, Image.Resampling.BILINEAR))`;
  const mode = pillowMode(channels);
  if (mode === null)
    return [
      `rgb, grey = ${resized('RGB')}, ${resized('L')}`,
      `pixels = np.dstack([rgb, *[grey] * ${channels - RGB_CHANNELS}])`,
    ];
  return [`pixels = ${resized(mode)}${channels === 1 ? '[..., None]' : ''}`];
}
