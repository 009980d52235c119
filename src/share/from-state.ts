/** What the page knows, as the exports take it. */
import type { ModelSource } from '../engine/engine.ts';
import type { Words } from '../locales/words.ts';
import { comparableInterpolation } from '../store/result/interpolation.ts';
import { type LensState, shownResult } from '../store/state.ts';
import { type PanelPixels, panelPixels } from './images.ts';
import { type Numbers, numbersOf } from './numbers.ts';
import { type PythonModel, pythonScript } from './python.ts';

/**
 * The panels of the result on the stage; null while there is none. The interpolation is among them when it is shown and
 * has caught up with the result.
 */
export function panelsOf(state: LensState): readonly PanelPixels[] | null {
  const result = shownResult(state);
  return result === null || state.image === null
    ? null
    : panelPixels(state.image, result, comparableInterpolation(state));
}

/** The numbers of the result on the stage; null while there is no live one. */
export function numbersFrom(state: LensState): Numbers | null {
  const { image } = state;
  const result = shownResult(state);
  if (image === null || result === null || result.model === null || result.patchErrors === null) return null;
  const { masking, loss, patchErrors, timing, model } = result;
  const { settings } = masking;
  return numbersOf({
    settings,
    strategy: settings.strategy,
    painted: settings.painted,
    masking,
    model,
    image: { name: image.name, width: image.prepared.width, height: image.prepared.height },
    result: { loss, patchErrors },
    timing,
    interpolation: comparableInterpolation(state),
  });
}

/**
 * The script for what the settings say; null until a model tells its configuration.
 * @param href the page's address, for what lies beside it
 * @param words for its comments and titles
 */
export function pythonFrom(state: LensState, href: string, words: Words): string | null {
  const { image, model, masking, settings, samples } = state;
  if (image === null || model.info === null) return null;
  const sample = samples.find(({ id }) => id === settings.sample);
  return pythonScript(
    {
      model: pythonModel(model.source),
      config: model.info.config,
      preprocessor: model.info.preprocessor,
      image:
        sample === undefined
          ? { path: image.name }
          : { path: sample.file.replace(/^.*\//, ''), url: new URL(sample.file, href).href },
      masking,
      settings,
      dtype: model.info.device.dtype,
    },
    words,
  );
}

function pythonModel(source: ModelSource): PythonModel {
  switch (source.kind) {
    case 'hub':
      return source.address.kind === 'hub'
        ? hubModel(source.address)
        : { kind: 'folder', path: 'model', url: source.address.baseUrl };
    case 'url':
      return { kind: 'folder', path: 'mae-lens-demo', url: source.baseUrl };
    case 'files':
      return { kind: 'folder', path: 'model' };
  }
}

type HubAddress = Extract<Extract<ModelSource, { kind: 'hub' }>['address'], { kind: 'hub' }>;

function hubModel({ repository, revision, folder }: HubAddress): PythonModel {
  const subfolder = folder.replace(/\/$/, '');
  return {
    kind: 'hub',
    id: repository,
    ...(revision === 'main' ? {} : { revision }),
    ...(subfolder === '' ? {} : { subfolder }),
  };
}
