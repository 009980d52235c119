/** A mask as a small image: masked patches in the mask's grey, kept ones in the accent. */
import styles from './StrategyControl.module.css';

export function MaskThumbnail({ mask }: { readonly mask: Uint8Array }) {
  const grid = Math.sqrt(mask.length);
  // A hair between the patches, so that they can be counted.
  const square = (cell: number) => `M${cell % grid} ${Math.floor(cell / grid)}h.86v.86h-.86z`;
  const path = (value: number) =>
    Array.from(mask, (removed, cell) => (removed === value ? square(cell) : '')).join('');
  return (
    <svg className={styles.image} viewBox={`0 0 ${grid - 0.14} ${grid - 0.14}`} aria-hidden="true">
      <path className={styles.masked} d={path(1)} />
      <path className={styles.kept} d={path(0)} />
    </svg>
  );
}
