import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type DownloadProgress, fetchFile } from './fetch-file.ts';

const BODY = new Uint8Array(300_000).map((_, i) => i * 7);
let server: Server | undefined;

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/models/model.safetensors`;
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
  server = undefined;
});

async function download(url: string) {
  const progress: DownloadProgress[] = [];
  const blob = await fetchFile(url, { onProgress: (step) => progress.push(step) });
  return { bytes: new Uint8Array(await blob.arrayBuffer()), progress, last: progress.at(-1) };
}

describe('a download', () => {
  test('gives the bytes, and tells how far it is', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': BODY.length });
      response.end(BODY);
    });
    const { bytes, progress, last } = await download(url);
    expect(bytes).toEqual(BODY);
    expect(progress[0]).toEqual({ file: 'model.safetensors', loadedBytes: 0, totalBytes: BODY.length });
    expect(last).toEqual({ file: 'model.safetensors', loadedBytes: BODY.length, totalBytes: BODY.length });
    const loaded = progress.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
  });

  test('needs no Content-Length', async () => {
    const url = await serve((_, response) => {
      response.write(BODY.subarray(0, 1000));
      response.end(BODY.subarray(1000));
    });
    const { bytes, last } = await download(url);
    expect(bytes).toEqual(BODY);
    expect(last).toEqual({ file: 'model.safetensors', loadedBytes: BODY.length, totalBytes: null });
  });

  test('does not take the packed length for the length', async () => {
    const packed = gzipSync(BODY);
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': packed.length, 'content-encoding': 'gzip' });
      response.end(packed);
    });
    const { bytes, progress } = await download(url);
    expect(bytes).toEqual(BODY);
    expect(progress.every(({ totalBytes }) => totalBytes === null)).toBe(true);
  });

  test('stops believing a Content-Length that proves too small', async () => {
    // Another site's Content-Encoding is hidden, so the packed length looks like the length.
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(
      new Response(BODY, { headers: { 'content-length': '1000' } }),
    );
    const { bytes, progress, last } = await download('http://elsewhere.example/model.safetensors');
    expect(bytes).toEqual(BODY);
    expect(progress[0]?.totalBytes).toBe(1000);
    expect(last?.totalBytes).toBeNull();
  });

  test('may be empty', async () => {
    const url = await serve((_, response) => response.end());
    expect((await download(url)).bytes.length).toBe(0);
  });

  test('keeps its bytes in order over many parts', async () => {
    const piece = new Uint8Array(1_000_003);
    const url = await serve((_, response) => {
      for (let i = 0; i < 20; i++) response.write(piece.slice().fill(i));
      response.end();
    });
    const { bytes } = await download(url);
    expect(bytes.length).toBe(20 * piece.length);
    for (let i = 0; i < 20; i++) {
      expect([bytes[i * piece.length], bytes[(i + 1) * piece.length - 1]]).toEqual([i, i]);
    }
  });
});

describe('a download that fails', () => {
  test.each([404, 410])('with %i says which file is missing', async (status) => {
    const url = await serve((_, response) => {
      response.writeHead(status);
      response.end('no');
    });
    await expect(fetchFile(url)).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no file at ${url}. Check the address and the model's name.`,
    });
  });

  test.each([
    [401, /does not give out .*private or asks for consent/],
    [403, /does not give out .*private or asks for consent/],
    [429, /could not send .*\(status 429\)\. Try again/],
    [500, /could not send .*\(status 500\)\. Try again/],
  ])('with %i says what to do', async (status, message) => {
    const url = await serve((_, response) => {
      response.writeHead(status);
      response.end();
    });
    await expect(fetchFile(url)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ['by its type', 'text/html; charset=utf-8', 'whatever'],
    ['by its content', 'application/octet-stream', '<!DOCTYPE html><html><body>Welcome</body></html>'],
    ['by its content without doctype', 'application/octet-stream', '\n<html lang="en">'],
  ])('with a web page recognises it %s', async (_, type, page) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end(page);
    });
    await expect(fetchFile(url)).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no file at ${url}: the server answered with a web page instead. Check the address.`,
    });
  });

  test('for lack of a server names the address and CORS', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(fetchFile(url)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(
        /model\.safetensors could not be downloaded\. Either .* \(CORS\)\. Check/,
      ),
    });
  });

  test('while offline says so', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    await expect(fetchFile('http://elsewhere.example/a')).rejects.toMatchObject({
      code: 'network',
      message:
        'http://elsewhere.example/a could not be downloaded. This machine is offline: connect it and try again, ' +
        'or open the files from disk.',
    });
    vi.unstubAllGlobals();
  });

  test('by breaking off says how much is missing', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10_439 });
      response.write(BODY.subarray(0, 10_000), () => response.destroy());
    });
    await expect(fetchFile(url)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(
        /broke off after [\d,]+ bytes: expected [\d,]+ more bytes\. Check the connection/,
      ),
    });
  });

  test('by breaking off at an unknown length', async () => {
    const url = await serve((_, response) => {
      response.write(BODY.subarray(0, 10_000), () => response.destroy());
    });
    await expect(fetchFile(url)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/broke off after [\d,]+ bytes\. Check the connection/),
    });
  });

  test('by ending quietly before its announced length', async () => {
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(
      new Response(BODY.subarray(0, 1000), { headers: { 'content-length': '1439' } }),
    );
    await expect(fetchFile('http://here.example/a')).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining('broke off after 1,000 bytes: expected 439 more bytes'),
    });
  });
});

describe('a download that is cancelled', () => {
  test('before it starts', async () => {
    await expect(fetchFile('http://127.0.0.1:9/', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  test('before the server answers', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort());
    await expect(fetchFile(url, { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('midway, and tells the server', async () => {
    const controller = new AbortController();
    let closed: Promise<unknown> | undefined;
    const url = await serve((_, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      response.writeHead(200, { 'content-length': BODY.length });
      response.write(BODY.subarray(0, 100_000));
    });
    const options = {
      signal: controller.signal,
      onProgress: ({ loadedBytes }: DownloadProgress) => {
        if (loadedBytes > 0) controller.abort();
      },
    };
    await expect(fetchFile(url, options)).rejects.toMatchObject({ code: 'cancelled' });
    await closed;
  });
});
