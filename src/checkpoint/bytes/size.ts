const UNITS = ['kB', 'MB', 'GB'] as const;

/** A size for people, in powers of 1000 as file managers and model pages count: "654 bytes", "448 MB", "2.63 GB". */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  let value = bytes;
  let unit = 'bytes';
  for (const next of UNITS) {
    // 999.5 rounds to 1000, which is one of the next unit.
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}
