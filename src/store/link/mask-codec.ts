/** Masks and painted patches as short texts for links: bits, most significant first, as base64url (RFC 4648, 5). */
import { LensError } from '../../base/errors.ts';
import { type Grid, patchCount } from '../../mae/geometry.ts';
import type { Paint, Painted } from '../../mae/manual-mask.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Patches along one side that any model may have; see `parseConfig`. */
const MAX_GRID = 128;

/**
 * @param bits each 0 or 1
 * @returns one character for six bits, the last ones filled with zeros
 */
export function packBits(bits: ArrayLike<number>): string {
  let text = '';
  for (let i = 0; i < bits.length; i += 6) {
    let six = 0;
    for (let j = i; j < i + 6; j++) six = six * 2 + (bits[j] === 1 ? 1 : 0);
    text += ALPHABET[six];
  }
  return text;
}

/**
 * The inverse of `packBits`.
 * @param length how many bits the text holds
 * @throws LensError `mask-invalid` when it is not a packed text of that length
 */
export function unpackBits(text: string, length: number): Uint8Array {
  if (text.length !== Math.ceil(length / 6)) {
    throw new LensError('mask-invalid/packed-length', {
      length: text.length,
      expected: Math.ceil(length / 6),
    });
  }
  const bits = new Uint8Array(length);
  for (let i = 0; i < text.length; i++) {
    const six = ALPHABET.indexOf(text.charAt(i));
    if (six < 0) throw new LensError('mask-invalid/packed-character', { character: text.charAt(i) });
    for (let j = 0; j < 6; j++) {
      const bit = (six >> (5 - j)) & 1;
      if (6 * i + j < length) bits[6 * i + j] = bit;
      else if (bit === 1) throw new LensError('mask-invalid/packed-too-long');
    }
  }
  return bits;
}

/** Painted patches together with the grid that they are on. */
export interface PaintedGrid {
  readonly grid: Grid;
  readonly painted: Painted;
}

/**
 * `14.` and, packed, one bit for each of the 14 x 14 patches (painted or not) and one for each painted one (1 =
 * hidden); `14x20.` where the columns are not as many as the rows.
 */
export function packPainted({ grid, painted }: PaintedGrid): string {
  const { rows, columns } = grid;
  const cells = Array.from({ length: patchCount(grid) }, (_, cell) => cell);
  const values = cells.flatMap((cell) => {
    const paint = painted.get(cell);
    return paint === undefined ? [] : [paint === 'masked' ? 1 : 0];
  });
  const sides = rows === columns ? `${rows}` : `${rows}x${columns}`;
  return `${sides}.${packBits([...cells.map((cell) => (painted.has(cell) ? 1 : 0)), ...values])}`;
}

/**
 * The inverse of `packPainted`.
 * @throws LensError `mask-invalid` when the text is not one that `packPainted` gives
 */
export function unpackPainted(text: string): PaintedGrid {
  const [, rows, columns, packed] = /^([1-9]\d{0,2})(?:x([1-9]\d{0,2}))?\.(.*)$/s.exec(text) ?? [];
  const grid = { rows: Number(rows), columns: Number(columns ?? rows) };
  if (packed === undefined || Math.max(grid.rows, grid.columns) > MAX_GRID) {
    throw new LensError('mask-invalid/packed-grid', { largest: MAX_GRID });
  }
  const length = patchCount(grid);
  const whole = Math.ceil(length / 6);
  // The last character of the first part may hold the first values, which are not read yet.
  const head = unpackBits(packed.slice(0, whole), whole * 6);
  const cells = Array.from(head.subarray(0, length).keys()).filter((cell) => head[cell] === 1);
  const values = unpackBits(packed, length + cells.length).subarray(length);
  const painted = new Map<number, Paint>();
  cells.forEach((cell, i) => {
    painted.set(cell, values[i] === 1 ? 'masked' : 'kept');
  });
  return { grid, painted };
}
