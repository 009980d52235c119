/** Starts the worker that runs a published model; published-check.ts opens this page and calls `verifyPublished`. */
import { proxy, wrap } from 'comlink';
import { keepErrorCodes, serializeError } from '../../../src/engine/worker-errors.ts';
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
    const { code, message } = serializeError(error);
    return { error: { code, message } };
  } finally {
    worker.terminate();
  }
};
