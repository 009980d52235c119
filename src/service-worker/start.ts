/** Begins as soon as the browser has read this much of the page: see vite.config.ts, which makes a script of its own. */
import { type IsolationHost, isolate } from './isolate.ts';

/** Of vite.config.ts. Beside the page, since a service worker serves the folder that it lies in. */
const WORKER_FILE = 'isolation-worker.js';

const GESTURES = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'drop', 'paste', 'input'] as const;

let touched = false;
for (const gesture of GESTURES) {
  window.addEventListener(
    gesture,
    () => {
      touched = true;
    },
    { capture: true, once: true, passive: true },
  );
}

/** Resolves when the page stays as it is: isolated, or without hope of it. */
export const isolationSettled: Promise<void> = isolate({
  isolated: window.crossOriginIsolated,
  secure: window.isSecureContext,
  framed: window.top !== window,
  register: registration(),
  memory: sessionMemory(),
  touched: () => touched,
  reload: () => window.location.reload(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

function registration(): IsolationHost['register'] {
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (workers === undefined) return undefined;
  return async () => {
    await workers.register(new URL(WORKER_FILE, document.baseURI), { updateViaCache: 'none' });
    await workers.ready;
  };
}

function sessionMemory(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
