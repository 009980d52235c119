import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { learnSentences } from './base/errors.ts';
import { createEngine } from './engine/client.ts';
import { createModelStorage } from './engine/stored-models/stored-models.ts';
import { imageErrors } from './locales/en/errors/images.ts';
import { maskErrors } from './locales/en/errors/masks.ts';
import { pageErrors } from './locales/en/errors/page.ts';
import { createModelExporter } from './onnx-export/client.ts';
import { isolationSettled } from './service-worker/start.ts';
import { download } from './share/save.ts';
import { fetchSample, SAMPLES } from './store/image/samples.ts';
import { createLens } from './store/lens.ts';
import { browserAddressBar, startWithAddress } from './store/link/address.ts';
import { afterFirstPaint } from './store/model/after-first-paint.ts';
import { BUNDLED_MODEL_NAME } from './store/model/bundled.ts';
import { browserStorage } from './store/preferences.ts';
import { decodeInBrowser, loadPrecomputed } from './store/result/precomputed.ts';
import { App } from './ui/App/App.tsx';

/** Reading this file, beginning, and showing the page are tasks of their own, so that none of them is long. */
setTimeout(begin);

function begin(): void {
  learnSentences({ ...pageErrors, ...imageErrors, ...maskErrors });
  const base = document.baseURI;
  const lens = createLens({
    engine: createEngine(),
    source: { kind: 'url', name: BUNDLED_MODEL_NAME, baseUrl: new URL('models/demo/', base).href },
    samples: SAMPLES,
    fetchSample: (sample) => fetchSample(sample, base),
    fetchPrecomputed: (sample) =>
      loadPrecomputed(sample.id, {
        baseUrl: new URL('samples/results/', base).href,
        fetch: (url) => fetch(url),
        decode: decodeInBrowser,
      }),
    beforeModel: afterFirstPaint(isolationSettled),
    storage: browserStorage(),
    models: createModelStorage(),
    exporter: createModelExporter(),
    download,
    secure: window.location.protocol === 'https:',
    random: Math.random,
  });
  const root = document.getElementById('root');
  if (root === null) return;
  // As a transition React makes pauses for the browser while it builds the page.
  startTransition(() => createRoot(root).render(<App lens={lens} />));
  startWithAddress(lens, browserAddressBar(window));
}
