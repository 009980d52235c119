/** The library as the site serves it, mae-lens.js: with the runtime that the page itself has. */
import { loadBrowserRuntime } from '../runtime/device/ort.ts';
import { loadRuntimeBy } from './runtime.ts';

loadRuntimeBy(loadBrowserRuntime);

export * from './index.ts';
