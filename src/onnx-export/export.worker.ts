/** The worker that saves a model elsewhere: reading and writing gigabytes disturbs neither the page nor the model. */
import { expose } from 'comlink';
import { openFileStore } from '../checkpoint/storage/open-store.ts';
import { keepErrorCodes } from '../engine/worker-errors.ts';
import { exportModel, exportSizes } from './export-model.ts';
import type { ExportWorker } from './protocol.ts';
import { EXPORTS, pickedTarget, storeTarget } from './target.ts';

keepErrorCodes();

const cancelling = new AbortController();

const api: ExportWorker = {
  async sizes(model) {
    return exportSizes(model);
  },
  save(order, picked, onProgress) {
    const openTarget = async () =>
      picked === null ? storeTarget(await openFileStore(EXPORTS)) : pickedTarget(picked);
    return exportModel(order, openTarget, { onProgress, signal: cancelling.signal });
  },
  async cancel() {
    cancelling.abort();
  },
};

expose(api);
