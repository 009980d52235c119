import { cancelled } from '../../base/cancel.ts';
import { latin1, SNIFFED_BYTES } from '../bytes/sniff.ts';
import { fileName } from '../file-names.ts';
import {
  announcedBytes,
  endedEarly,
  isWebPage,
  knowsEncoding,
  noConnection,
  refusal,
  webPage,
} from './http.ts';

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

/**
 * Downloads a file into memory, in one go: for what is small or bundled. Checkpoints of the hub go through
 * `downloadFile`, which keeps what has arrived.
 * Rejects with `not-found` (404, or a web page where the file should be), `network` (no connection, refused by the
 * server or its CORS rules, ended early) or `cancelled`.
 */
export async function fetchFile(url: string, options: DownloadOptions = {}): Promise<Blob> {
  const { signal } = options;
  try {
    const response = await request(url, signal);
    refuseStatus(response, url);
    const blob = await readBody(response, url, options);
    const start = new Uint8Array(await blob.slice(0, SNIFFED_BYTES).arrayBuffer());
    if (isWebPage(response, latin1(start))) throw webPage(url);
    return blob;
  } catch (error) {
    if (signal?.aborted === true) throw cancelled('cancelled/loading', error);
    throw error;
  }
}

async function request(url: string, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(url, signal === undefined ? {} : { signal });
  } catch (error) {
    throw noConnection(url, error);
  }
}

function refuseStatus(response: Response, url: string): void {
  if (response.ok) return;
  response.body?.cancel().catch(() => undefined);
  throw refusal(response.status, url);
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
