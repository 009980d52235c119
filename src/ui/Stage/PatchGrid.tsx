/**
 * The masked panel's patches as a grid that is painted with mouse, pen, touch and keyboard. It lies over the canvas,
 * which draws them.
 */
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type PointerEvent,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { cellOf, columnOf, type Grid, patchCount, rowOf } from '../../mae/geometry.ts';
import type { Paint, Painted } from '../../mae/manual-mask.ts';
import { oppositePaint, paintCells, rectangle, region, stroke } from '../../mae/patch-cells.ts';
import { reveal } from '../../store/image/viewport.ts';
import type { Lens } from '../../store/lens.ts';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import styles from './PatchGrid.module.css';
import { cellLabel, shownErrors } from './patches.ts';
import { cellAt } from './pointing.ts';

/** A touch of the brush under way. */
interface Gesture {
  readonly paint: Paint;
  readonly start: number;
  last: number;
  /** What was painted before it. */
  readonly before: Painted;
  readonly asRectangle: boolean;
}

export function PatchGrid() {
  const lens = useLens();
  const grid = useLensState((state) => state.masking.grid);
  const words = useWords().mask.grid;
  const [active, setActive] = useState(0);
  const [byPointer, setByPointer] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const current = Math.min(active, patchCount(grid) - 1);
  const brush = useBrush(lens);
  /** What is painted by hand is in sight; what the focus goes to may not be. */
  const pointing = useRef(false);

  useEffect(() => {
    // A second finger makes it a pinch, and what the first one painted was none of the brush's.
    const touched = (event: globalThis.PointerEvent): void => {
      if (event.pointerType === 'touch' && !event.isPrimary) brush.cancel();
    };
    window.addEventListener('pointerdown', touched, true);
    return () => window.removeEventListener('pointerdown', touched, true);
  }, [brush]);

  const moveTo = (cell: number): void => {
    setActive(cell);
    root.current?.querySelector<HTMLElement>(`[data-cell="${cell}"]`)?.focus({ preventScroll: true });
  };

  const pointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    const cell = cellAt(event, event.currentTarget, grid);
    event.currentTarget.setPointerCapture?.(event.pointerId);
    pointing.current = true;
    moveTo(cell);
    brush.begin(cell, event.shiftKey);
    setByPointer(true);
  };

  const pointerUp = (): void => {
    const last = brush.end();
    if (last !== null) moveTo(last);
    pointing.current = false;
  };

  const keyDown = (event: KeyboardEvent): void => {
    setByPointer(false);
    if (event.ctrlKey || event.metaKey || event.altKey) {
      const corner = { Home: 0, End: patchCount(grid) - 1 }[event.key];
      if (event.altKey || corner === undefined) return;
      event.preventDefault();
      moveTo(corner);
      return;
    }
    const next = neighbour(event.key, current, grid);
    if (next !== null) {
      event.preventDefault();
      if (event.shiftKey) brush.extend(current, next);
      else brush.end();
      moveTo(next);
    } else if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      brush.begin(current, false);
      brush.end();
    } else if (event.key === 'f' || event.key === 'F') {
      event.preventDefault();
      brush.fill(current);
    }
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a table could not lie over a canvas and be painted on.
    <div
      ref={root}
      role="grid"
      aria-label={words.label}
      aria-description={words.keys}
      className={styles.grid}
      data-by-pointer={byPointer}
      style={{ '--rows': grid.rows, '--columns': grid.columns } as CSSProperties}
      onPointerDown={pointerDown}
      onPointerMove={(event) => brush.move(cellAt(event, event.currentTarget, grid))}
      onPointerUp={pointerUp}
      onPointerCancel={pointerUp}
      onLostPointerCapture={pointerUp}
      onKeyDown={keyDown}
      onKeyUp={(event) => event.key === 'Shift' && brush.end()}
      onFocus={(event) => {
        const cell = Number(event.target.dataset.cell);
        setActive(cell);
        lens.pointAt(cell);
        if (!pointing.current) lens.setViewport(reveal(lens.store.getState().viewport, cell, grid));
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        brush.end();
        lens.pointAt(null);
      }}
    >
      <Rows grid={grid} active={current} />
    </div>
  );
}

/** Drags, rectangles and fills; by key, Shift with an arrow goes on from where it began. */
function useBrush(lens: Lens) {
  return useMemo(() => {
    let gesture: Gesture | null = null;
    /** Whether it fills: at once, but it can still be taken back. */
    let filling = false;

    const begin = (start: number, shift: boolean, paint?: Paint): void => {
      const { masking, settings, view } = lens.store.getState();
      if (view.tool === 'fill' && !shift) {
        lens.endStep();
        turn(start);
        filling = true;
        return;
      }
      gesture = {
        paint: paint ?? oppositePaint(masking.mask, start),
        start,
        last: start,
        before: settings.painted,
        asRectangle: shift || view.tool === 'rectangle',
      };
      lens.endStep();
      cover(start);
    };

    /** All that hang together with a cell. */
    const turn = (cell: number): void => {
      const { masking, settings } = lens.store.getState();
      const cells = region(masking.mask, masking.grid, cell);
      lens.paint(paintCells(settings.painted, cells, oppositePaint(masking.mask, cell)));
    };

    const cover = (cell: number): void => {
      if (gesture === null) return;
      const { settings, masking } = lens.store.getState();
      const { asRectangle, before, start, last, paint } = gesture;
      lens.paint(
        asRectangle
          ? paintCells(before, rectangle(masking.grid, start, cell), paint)
          : paintCells(settings.painted, stroke(masking.grid, last, cell), paint),
      );
      gesture.last = cell;
    };

    return {
      begin,
      fill(cell: number) {
        lens.endStep();
        turn(cell);
        lens.endStep();
      },
      move(cell: number) {
        if (gesture !== null && cell !== gesture.last) cover(cell);
      },
      /** From a cell as it is, over the rectangle to another. */
      extend(from: number, to: number) {
        const { mask } = lens.store.getState().masking;
        if (gesture === null) begin(from, true, mask[from] === 1 ? 'masked' : 'kept');
        cover(to);
      },
      /** Takes back what it has done so far. */
      cancel() {
        if (gesture === null && !filling) return;
        gesture = null;
        filling = false;
        lens.cancelStep();
      },
      /** Returns where it ended; null when there was none. */
      end(): number | null {
        if (gesture === null && !filling) return null;
        const last = gesture?.last ?? null;
        gesture = null;
        filling = false;
        lens.endStep();
        return last;
      },
    };
  }, [lens]);
}

function neighbour(key: string, cell: number, grid: Grid): number | null {
  const row = rowOf(cell, grid);
  const column = columnOf(cell, grid);
  switch (key) {
    case 'ArrowLeft':
      return column > 0 ? cell - 1 : cell;
    case 'ArrowRight':
      return column < grid.columns - 1 ? cell + 1 : cell;
    case 'ArrowUp':
      return row > 0 ? cellOf(row - 1, column, grid) : cell;
    case 'ArrowDown':
      return row < grid.rows - 1 ? cellOf(row + 1, column, grid) : cell;
    case 'Home':
      return cellOf(row, 0, grid);
    case 'End':
      return cellOf(row, grid.columns - 1, grid);
    default:
      return null;
  }
}

/** The labels may come a moment after the image: while something is dragged, nobody reads them. */
function Rows({ grid, active }: { readonly grid: Grid; readonly active: number }) {
  const words = useWords();
  const mask = useDeferredValue(useLensState((state) => state.masking.mask));
  const errors = useDeferredValue(useLensState(shownErrors));
  const rows = Array.from({ length: grid.rows }, (_, row) => row);
  const columns = Array.from({ length: grid.columns }, (_, column) => column);
  return rows.map((row) => (
    // biome-ignore lint/a11y/useFocusableInteractive: the cells take the focus.
    // biome-ignore lint/a11y/useSemanticElements: as above.
    <div key={row} role="row" className={styles.row}>
      {columns.map((column) => {
        const cell = cellOf(row, column, grid);
        const label = cellLabel(cell, grid, mask, errors, words);
        return <Cell key={cell} cell={cell} label={label} active={cell === active} />;
      })}
    </div>
  ));
}

const Cell = memo(function Cell(props: {
  readonly cell: number;
  readonly label: string;
  readonly active: boolean;
}) {
  const { cell, label, active } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above.
    <div
      role="gridcell"
      aria-label={label}
      className={styles.cell}
      data-cell={cell}
      tabIndex={active ? 0 : -1}
    />
  );
});
