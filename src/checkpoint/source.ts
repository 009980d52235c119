import { LensError } from '../mae/errors.ts';
import { bytesInWords, moreBytes } from './words.ts';

/** How far a download has come. */
export interface DownloadProgress {
  /** The file's name, without the folders before it. */
  readonly file: string;
  /** Unpacked bytes so far. */
  readonly loadedBytes: number;
  /** Null where the server does not say, or said something that proved wrong. */
  readonly totalBytes: number | null;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** Chunks are handed to the browser as blobs of this size, which it may keep outside of the page's memory. */
const PART_BYTES = 8 * 2 ** 20;
/** Longer than any beginning by which a web page is recognised. */
const SNIFFED_BYTES = 256;

/**
 * Downloads a file.
 * Rejects with `not-found` (404, or a web page where the file should be), `network` (no connection, refused by the
 * server or its CORS rules, ended early) or `cancelled`.
 */
export async function fetchFile(url: string, options: DownloadOptions = {}): Promise<Blob> {
  const { signal } = options;
  try {
    const response = await request(url, signal);
    refuseStatus(response, url);
    const blob = await readBody(response, url, options);
    await refuseWebPage(response, blob, url);
    return blob;
  } catch (error) {
    if (signal?.aborted === true) {
      throw new LensError('cancelled', 'The download was cancelled.', { cause: error });
    }
    throw error;
  }
}

/** Throws `cancelled` once the signal has been given. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new LensError('cancelled', 'Loading was cancelled.');
}

async function request(url: string, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, signal === undefined ? {} : { signal });
  } catch (error) {
    const advice =
      globalThis.navigator?.onLine === false
        ? 'This machine is offline: connect it and try again, or open the files from disk.'
        : 'Either the connection failed, or the server does not let other sites read the file (CORS). Check the ' +
          'connection and try again; if it keeps failing, download the files and open them from disk.';
    throw new LensError('network', `${url} could not be downloaded. ${advice}`, { cause: error });
  }
}

function refuseStatus(response: Response, url: string): void {
  const { status } = response;
  if (response.ok) return;
  response.body?.cancel().catch(() => undefined);
  if (status === 404 || status === 410) {
    throw new LensError('not-found', `There is no file at ${url}. Check the address and the model's name.`);
  }
  if (status === 401 || status === 403) {
    throw new LensError(
      'network',
      `The server does not give out ${url} (status ${status}). If the model is private or asks for consent, ` +
        'download its files while signed in and open them from disk.',
    );
  }
  throw new LensError(
    'network',
    `The server could not send ${url} (status ${status}). Try again in a while.`,
  );
}

async function readBody(response: Response, url: string, options: DownloadOptions): Promise<Blob> {
  const file = fileName(url);
  const announced = announcedBytes(response);
  const parts: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let chunkBytes = 0;
  let loadedBytes = 0;
  const report = () => {
    const totalBytes = announced !== null && loadedBytes <= announced ? announced : null;
    options.onProgress?.({ file, loadedBytes, totalBytes });
  };

  report();
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await readChunk(reader, url, loadedBytes, announced);
    if (chunk === undefined) break;
    chunks.push(chunk);
    chunkBytes += chunk.byteLength;
    loadedBytes += chunk.byteLength;
    if (chunkBytes >= PART_BYTES) {
      parts.push(new Blob(chunks));
      chunks = [];
      chunkBytes = 0;
    }
    report();
  }
  if (announced !== null && loadedBytes < announced && knowsEncoding(response)) {
    throw endedEarly(url, loadedBytes, announced);
  }
  return new Blob([...parts, ...chunks]);
}

async function readChunk(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined,
  url: string,
  loadedBytes: number,
  announced: number | null,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch (error) {
    throw endedEarly(url, loadedBytes, announced, error);
  }
}

function endedEarly(url: string, loadedBytes: number, announced: number | null, cause?: unknown): LensError {
  const rest =
    announced !== null && announced > loadedBytes ? `: expected ${moreBytes(announced - loadedBytes)}` : '';
  return new LensError(
    'network',
    `The download of ${url} broke off after ${bytesInWords(loadedBytes)}${rest}. Check the connection and try again.`,
    { cause },
  );
}

/** Content-Length counts bytes on the wire, which says nothing about a body that travels compressed. */
function announcedBytes(response: Response): number | null {
  const length = response.headers.get('content-length');
  if (length === null || response.headers.has('content-encoding')) return null;
  const bytes = Number(length);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null;
}

/** Another site's Content-Encoding is hidden from scripts (it is not a CORS-safelisted header). */
function knowsEncoding(response: Response): boolean {
  return response.type !== 'cors';
}

/** Hosts of single-page apps answer every unknown address with their start page and status 200. */
async function refuseWebPage(response: Response, blob: Blob, url: string): Promise<void> {
  const start = await blob.slice(0, SNIFFED_BYTES).text();
  const type = response.headers.get('content-type') ?? '';
  if (!/^\s*text\/html\b/i.test(type) && !/^\ufeff?\s*<(?:!doctype html|html)\b/i.test(start)) return;
  throw new LensError(
    'not-found',
    `There is no file at ${url}: the server answered with a web page instead. Check the address.`,
  );
}

function fileName(url: string): string {
  const { pathname } = new URL(url);
  return pathname.slice(pathname.lastIndexOf('/') + 1);
}
