import { LensError } from '../base/errors.ts';
import { hasOpacity, isGrey, RGB_CHANNELS } from '../mae/channels.ts';

/**
 * `image_mean` or `image_std`, one for each channel. One number is for all channels, as in the reference. Three, where the
 * model takes other channels, are for red, green and blue (the reference refuses them): grey takes their sum by ITU-R 601's
 * weights, opacity 0.5.
 * @throws LensError `config-unsupported` for a list of another length
 */
export function channelValues(
  key: 'image_mean' | 'image_std',
  value: number | readonly number[],
  channels: number,
): readonly number[] {
  if (typeof value === 'number') return Array.from({ length: channels }, () => value);
  if (value.length === channels) return value;
  const [red, green, blue] = value;
  if (red === undefined || green === undefined || blue === undefined || value.length !== RGB_CHANNELS)
    throw new LensError('config-unsupported/preprocessor-channels', { key, values: value.length, channels });
  const grey = Math.round((0.299 * red + 0.587 * green + 0.114 * blue) * 1e6) / 1e6;
  return Array.from({ length: channels }, (_, c) => {
    if (hasOpacity(channels) && c === channels - 1) return 0.5;
    return (isGrey(channels) ? undefined : value[c]) ?? grey;
  });
}
