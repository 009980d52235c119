/** `npm run browser`: finds (or installs) the browser and says whether WebGPU works in it, in page and worker. */
import { createServer } from 'node:http';
import { launchBrowser } from './launch.ts';

/** A page of localhost, because WebGPU needs a secure context, and about:blank is none. */
const server = createServer((request, response) => {
  const script = request.url?.endsWith('.js') === true;
  response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html');
  response.end(
    script
      ? 'navigator.gpu?.requestAdapter().then((adapter) => postMessage(adapter?.info.architecture ?? null)) ?? postMessage(null)'
      : '<!doctype html><title>check</title>',
  );
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('The server has no port.');

const browser = await launchBrowser();
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  const inPage = await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    return adapter?.info.architecture ?? null;
  });
  const inWorker = await page.evaluate(
    () =>
      new Promise<string | null>((resolve, reject) => {
        const worker = new Worker('/worker.js');
        worker.onmessage = (event: MessageEvent<string | null>) => resolve(event.data);
        worker.onerror = () => reject(new Error('The worker failed.'));
      }),
  );
  console.log(`Chromium ${browser.version()}`);
  console.log(`WebGPU adapter in the page: ${inPage ?? 'none'}`);
  console.log(`WebGPU adapter in a worker: ${inWorker ?? 'none'}`);
  if (inPage === null || inWorker === null) process.exitCode = 1;
} finally {
  await browser.close();
  server.close();
}
