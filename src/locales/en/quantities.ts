/** Numbers of the field, as they stand in sentences. */
import { format } from './format.ts';

export const quantities = {
  /** A loss, or the error of one patch. */
  loss: (value: number) => format.decimal(value, 3),
  /** "75 %" */
  ratio: (value: number) => format.percent(value),
  /** Images without any difference have an infinite ratio. */
  decibels: (psnr: number) => (Number.isFinite(psnr) ? `${format.decimal(psnr, 1)} dB` : 'no difference'),
  milliseconds: (ms: number) => format.milliseconds(ms),
  /** "4.7 million" */
  parameters: (count: number) => `${format.decimal(count / 1e6, count < 1e8 ? 1 : 0)} million`,
  /** Of a spread, in display levels. */
  levels: (value: number) => format.decimal(value, value < 9.95 ? 1 : 0),
  /** How much the panels are enlarged. */
  zoom: (factor: number) => `${format.rounded(factor, 1)}×`,
  /** As exactly as a download can know. */
  timeLeft(seconds: number) {
    if (seconds < 5) return 'a few seconds left';
    if (seconds < 58) return `about ${Math.ceil(seconds / 5) * 5} s left`;
    if (seconds < 5400) return `about ${Math.max(1, Math.round(seconds / 60))} min left`;
    return `about ${Math.round(seconds / 3600)} h left`;
  },
  /** In place of a number that is not known. */
  unknown: '–',
} as const;
