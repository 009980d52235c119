/** The page before its first image, as HTML: what plugin.ts builds and calls while the page is built. */
import { renderToStaticMarkup } from 'react-dom/server';
import type { Engine } from '../../src/engine/engine.ts';
import { createModelStorage } from '../../src/engine/stored-models/stored-models.ts';
import type { ModelExporter } from '../../src/onnx-export/client.ts';
import { SAMPLES } from '../../src/store/image/samples.ts';
import { createLens } from '../../src/store/lens.ts';
import { BUNDLED_MODEL_NAME } from '../../src/store/model/bundled.ts';
import { App } from '../../src/ui/App/App.tsx';

/** Stands in for what needs a browser: rendering begins nothing, so nothing of it is ever called. */
function never(): never {
  throw new Error('The first view has begun something: rendering it must only show.');
}

const engine: Engine = {
  load: never,
  prepare: never,
  model: { reconstruct: never, predict: never },
  measureAgreement: never,
  interpolate: never,
  dispose: never,
};

const exporter: ModelExporter = { sizes: never, save: never, tidy: never };

/** For a visitor who comes for the first time, by a plain address. */
export function firstView(): string {
  const lens = createLens({
    engine,
    source: { kind: 'url', name: BUNDLED_MODEL_NAME, baseUrl: 'models/demo/' },
    samples: SAMPLES,
    fetchSample: never,
    fetchPrecomputed: never,
    storage: null,
    models: createModelStorage(),
    exporter,
    download: never,
    secure: true,
    random: never,
  });
  return renderToStaticMarkup(<App lens={lens} />);
}
