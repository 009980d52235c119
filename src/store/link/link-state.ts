import type { ModelSource } from '../../engine/engine.ts';
import type { PaintedGrid } from './mask-codec.ts';

export interface LinkState {
  /** A model that a link names but that is not loaded, and the source that was in use then. */
  readonly linkedModel: { readonly name: string; readonly insteadOf: ModelSource } | null;
  /** What a link has painted on another grid than the page's: it waits for a model that has that grid. */
  readonly linkedPaint: PaintedGrid | null;
}

export function startLink(): LinkState {
  return { linkedModel: null, linkedPaint: null };
}
