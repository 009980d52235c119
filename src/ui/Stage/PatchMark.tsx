/** Marks the patch that is pointed at; every panel has one, so that the eye finds it in all of them. */
import type { CSSProperties } from 'react';
import { columnOf, patchCount, rowOf } from '../../mae/geometry.ts';
import { useLensState } from '../lens-context.tsx';
import styles from './PatchGrid.module.css';

export function PatchMark() {
  const patch = useLensState((state) => state.patch);
  const grid = useLensState((state) => state.masking.grid);
  if (patch === null || patch >= patchCount(grid)) return null;
  const place = {
    '--rows': grid.rows,
    '--columns': grid.columns,
    '--row': rowOf(patch, grid),
    '--column': columnOf(patch, grid),
  };
  return <div aria-hidden className={styles.mark} data-patch={patch} style={place as CSSProperties} />;
}
