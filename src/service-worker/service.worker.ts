/**
 * A service worker for hosts that cannot send headers. It adds the two that make the page cross-origin isolated, which
 * gives WebAssembly its threads, and does nothing else: it keeps nothing, so it can never show an old page, and it
 * touches only the documents and the workers' scripts of this site. Images, models and every request to another
 * site go their usual way.
 *
 * `require-corp` rather than `credentialless`, which Safari does not know: all that comes from other sites are models,
 * and those are fetched with CORS, which is enough.
 */
declare const self: ServiceWorkerGlobalScope;

const OPENER = 'Cross-Origin-Opener-Policy';
const EMBEDDER = 'Cross-Origin-Embedder-Policy';

self.addEventListener('install', () => void self.skipWaiting());

self.addEventListener('fetch', (event) => {
  const { destination, url } = event.request;
  // In another site's frame the page is that site's matter: its documents are of the kind 'iframe'.
  if (destination !== 'document' && destination !== 'worker') return;
  if (new URL(url).origin !== self.location.origin) return;
  event.respondWith(isolated(event.request));
});

async function isolated(request: Request): Promise<Response> {
  const response = await fetch(request);
  // A redirect, which the browser follows by asking again.
  if (response.status === 0) return response;
  if (response.headers.has(OPENER) && response.headers.has(EMBEDDER)) {
    // The host sends them itself by now, so this worker has nothing left to do.
    await self.registration.unregister();
    return response;
  }
  const headers = new Headers(response.headers);
  headers.set(OPENER, 'same-origin');
  headers.set(EMBEDDER, 'require-corp');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
