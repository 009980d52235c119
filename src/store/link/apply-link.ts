/** Between links and what the page knows: what a link makes of the state, and what link a state is. Both are pure. */
import type { LensError } from '../../base/errors.ts';
import { sameGrid } from '../../mae/geometry.ts';
import { NOTHING_PAINTED } from '../../mae/manual-mask.ts';
import { commitMask, maskOfHistory } from '../mask/mask-state.ts';
import { nameInLinks } from '../model/model-link.ts';
import type { Message } from '../notices/message.ts';
import type { LensState } from '../state.ts';
import { DEFAULT_LINK, type Link, type ParsedLink, VIEW_FLAGS, type ViewFlag } from './link.ts';

/**
 * The state as a link wants it. What is not there yet stands in it as wanted: the sample in `wantedSample`, the model
 * in `linkedModel`, what was painted on another grid in `linkedPaint`. A link without an image or a model that it could
 * name leaves those that are there. The mask is one step, so that undo leads back from the link.
 * @throws LensError when no mask can be made of it; never for a link that `parseLink` gives
 */
export function applyLink(state: LensState, link: Link): LensState {
  const { ratio, seed, generator, strategy, painted, embed, hide, view } = link;
  const { source } = state.model;
  const fits = painted === null || sameGrid(painted.grid, state.masking.grid);
  const mask = {
    ratio,
    seed,
    generator,
    strategy,
    painted: painted !== null && fits ? painted.painted : NOTHING_PAINTED,
  };
  return {
    ...state,
    ...maskOfHistory(commitMask(state.history, mask), state),
    draft: null,
    resultError: null,
    wantedSample: wantedSample(state, link),
    linkedPaint: fits ? null : painted,
    linkedModel:
      link.model === null || link.model === nameInLinks(source)
        ? null
        : { name: link.model, insteadOf: source },
    frame: { embed, hide },
    view: {
      ...state.view,
      patchGrid: view.includes('grid'),
      order: view.includes('order'),
      errors: view.includes('errors'),
      interpolation: view.includes('interpolation'),
    },
  };
}

function wantedSample(
  { samples, settings, wantedSample: coming }: LensState,
  { sample }: Link,
): string | null {
  if (!samples.some(({ id }) => id === sample)) return coming;
  return sample === (coming ?? settings.sample) ? coming : sample;
}

/** What the page shows, as a link says it. */
export function linkOf(state: LensState): Link {
  const { settings, masking, model, linkedModel, image, view, frame } = state;
  const flags: Readonly<Record<ViewFlag, boolean>> = {
    grid: view.patchGrid,
    order: view.order,
    errors: view.errors,
    interpolation: view.interpolation,
  };
  return {
    model: linkedModel?.insteadOf === model.source ? linkedModel.name : nameInLinks(model.source),
    sample: state.wantedSample ?? (image === null ? DEFAULT_LINK.sample : settings.sample),
    ratio: settings.ratio,
    seed: settings.seed,
    generator: settings.generator,
    strategy: settings.strategy,
    painted: settings.painted.size === 0 ? null : { grid: masking.grid, painted: settings.painted },
    view: VIEW_FLAGS.filter((flag) => flags[flag]),
    ...frame,
  };
}

/** What is to be told of a link once it is applied: what could not be used, and what the page does not have of it. */
export function linkMessages(
  { linkedPaint, linkedModel, masking: { grid } }: LensState,
  { link, problems }: ParsedLink,
): readonly (Message | LensError)[] {
  const messages: (Message | LensError)[] = [...problems];
  if (linkedPaint !== null)
    messages.push({ key: 'link-of-other-grid', params: { linked: linkedPaint.grid.rows, grid: grid.rows } });
  if (link.model === null) messages.push({ key: 'link-of-own-model' });
  if (linkedModel !== null)
    messages.push({ key: 'link-of-other-model', params: { model: linkedModel.name } });
  if (link.sample === null) messages.push({ key: 'link-of-own-image' });
  return messages;
}
