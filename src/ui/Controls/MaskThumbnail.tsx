/** A mask as a small image: masked patches in the mask's grey, kept ones in the accent. */
import { columnOf, type Grid, rowOf } from '../../mae/geometry.ts';
import styles from './StrategyControl.module.css';

export function MaskThumbnail({ mask, grid }: { readonly mask: Uint8Array; readonly grid: Grid }) {
  // A hair between the patches, so that they can be counted.
  const square = (cell: number) => `M${columnOf(cell, grid)} ${rowOf(cell, grid)}h.86v.86h-.86z`;
  const path = (value: number) =>
    Array.from(mask, (removed, cell) => (removed === value ? square(cell) : '')).join('');
  return (
    <svg
      className={styles.image}
      viewBox={`0 0 ${grid.columns - 0.14} ${grid.rows - 0.14}`}
      aria-hidden="true"
    >
      <path className={styles.masked} d={path(1)} />
      <path className={styles.kept} d={path(0)} />
    </svg>
  );
}
