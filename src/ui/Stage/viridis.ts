/** The colour map “viridis” (van der Walt and Smith, 2015): even steps to the eye, also without colour vision. */

/** matplotlib's, at every ninth of the way. */
const STOPS = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 73, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
] as const;

/** @param value from 0 to 1; what lies outside takes the nearest end */
export function viridis(value: number): string {
  const at = Math.min(1, Math.max(0, value)) * (STOPS.length - 1);
  const low = Math.min(Math.floor(at), STOPS.length - 2);
  const channel = (index: 0 | 1 | 2) => {
    const from = STOPS[low]?.[index] ?? 0;
    const to = STOPS[low + 1]?.[index] ?? 0;
    return Math.round(from + (to - from) * (at - low));
  };
  return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
}

/** For a legend: the whole scale, as CSS writes it. */
export const VIRIDIS_GRADIENT = `linear-gradient(to right, ${STOPS.map((stop) => `rgb(${stop.join(', ')})`).join(', ')})`;
