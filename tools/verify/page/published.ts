/** Starts the worker that runs a published model; published-check.ts opens this page and calls `verifyPublished`. */
import '../../../src/base/english.ts';
import { proxy, wrap } from 'comlink';
import { LensError } from '../../../src/base/errors.ts';
import { keepErrorCodes } from '../../../src/engine/worker-errors.ts';
import type {
  PublishedAnswer,
  PublishedEvent,
  PublishedRequest,
  PublishedWorker,
} from './published-protocol.ts';

declare global {
  var verifyPublished: (request: PublishedRequest) => Promise<PublishedAnswer>;
  /** The tool's. */
  var tellPublished: (event: PublishedEvent) => Promise<void>;
}

keepErrorCodes();

globalThis.verifyPublished = async (request) => {
  const worker = new Worker(new URL('./published.worker.ts', import.meta.url), { type: 'module' });
  const died = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => reject(new Error(`The worker stopped: ${message}`)));
  });
  const tell = proxy((event: PublishedEvent) => {
    void tellPublished(event);
  });
  try {
    return { report: await Promise.race([wrap<PublishedWorker>(worker).verify(request, tell), died]) };
  } catch (error) {
    const code = error instanceof LensError ? error.code : null;
    return { error: { code, message: error instanceof Error ? error.message : String(error) } };
  } finally {
    worker.terminate();
  }
};
