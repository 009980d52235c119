/** Putting a loaded model to work: in one step with the image as that model takes it, and the mask on its grid. */
import type { StoreApi } from 'zustand/vanilla';
import type { Engine, ModelInfo, ModelSource } from '../../engine/engine.ts';
import { geometryOf, sameGeometry, sameGrid } from '../../mae/geometry.ts';
import { fits, type Image } from '../image/image-state.ts';
import { maskOnGrid } from '../mask/mask-state.ts';
import type { LensState } from '../state.ts';

/** @param stillWanted false once another model is wanted: then nothing changes */
export async function takeUpModel(
  { getState: get, setState: set }: StoreApi<LensState>,
  engine: Pick<Engine, 'prepare'>,
  info: ModelInfo,
  source: ModelSource,
  stillWanted: () => boolean,
): Promise<void> {
  const geometry = geometryOf(info.config);
  let { image } = get();
  while (image !== null && !fits(image, info)) {
    const prepared = await engine.prepare(image.blob, geometry);
    if (!stillWanted()) return;
    const now: Image | null = get().image;
    image = now?.key === image.key ? { ...now, prepared, preparedWith: info } : now;
  }
  const state = get();
  set({
    model: { ...state.model, info, inUse: source, failure: null, phase: { phase: 'ready', info } },
    image,
    resultError: null,
    ...onGridOf(info, state),
  });
}

/** What another grid changes; nothing where it is the same. */
function onGridOf({ config }: ModelInfo, state: LensState): Partial<LensState> {
  const geometry = geometryOf(config);
  if (sameGeometry(state.masking.geometry, geometry)) return {};
  const { linkedPaint } = state;
  // What a link has painted for this grid has waited for it.
  const awaited =
    linkedPaint !== null && sameGrid(linkedPaint.grid, geometry.grid) ? linkedPaint.painted : undefined;
  return {
    ...maskOnGrid(state, geometry, awaited),
    ...(awaited === undefined ? {} : { linkedPaint: null }),
    patch: null,
    result: null,
  };
}
