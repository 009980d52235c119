/** How answers of web servers are read: what they announce, and what a refusal means. */
import { LensError } from '../../base/errors.ts';
import { beginsLikeWebPage } from '../bytes/sniff.ts';

/** No answer at all. */
export function noConnection(url: string, cause: unknown): LensError {
  const offline = globalThis.navigator?.onLine === false;
  return new LensError(offline ? 'network/offline' : 'network/no-connection', { url }, { cause });
}

/** What an answer other than 2xx means. */
export function refusal(status: number, url: string): LensError {
  if (status === 404 || status === 410) return new LensError('not-found/no-file', { url });
  if (status === 401 || status === 403) return new LensError('network/withheld', { url, status });
  return new LensError('network/status', { url, status });
}

/** Whether the same request may succeed a little later. */
export function mayPass(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** How long the server asks to wait, in milliseconds; null where it does not say, or CORS hides it. */
export function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

/** @param expectedBytes of the whole file; null where nobody said */
export function endedEarly(
  url: string,
  loadedBytes: number,
  expectedBytes: number | null,
  cause?: unknown,
): LensError {
  const missing = expectedBytes !== null && expectedBytes > loadedBytes ? expectedBytes - loadedBytes : null;
  return new LensError('network/broke-off', { url, came: loadedBytes, missing }, { cause });
}

/** Content-Length counts bytes on the wire, which says nothing about a body that travels compressed. */
export function announcedBytes(response: Response): number | null {
  const length = response.headers.get('content-length');
  if (length === null || response.headers.has('content-encoding')) return null;
  const bytes = Number(length);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null;
}

/** Another site's Content-Encoding is hidden from scripts (it is not a CORS-safelisted header). */
export function knowsEncoding(response: Response): boolean {
  return response.type !== 'cors';
}

/**
 * Hosts of single-page apps answer every unknown address with their start page and status 200.
 * @param start the first `SNIFFED_BYTES` bytes of the body, as Latin-1 text
 */
export function isWebPage(response: Response, start: string): boolean {
  const type = response.headers.get('content-type') ?? '';
  return /^\s*text\/html\b/i.test(type) || beginsLikeWebPage(start);
}

export function webPage(url: string): LensError {
  return new LensError('not-found/web-page', { url });
}

/** From `Content-Range: bytes 100-199/1000`; `total` is null where the server writes `*`. */
export function contentRange(
  response: Response,
): { readonly start: number; readonly total: number | null } | null {
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (match === null) return null;
  return { start: Number(match[1]), total: match[2] === '*' ? null : Number(match[2]) };
}

/**
 * What tells one version of a file from another: a strong ETag, else the time of its last change. A weak ETag
 * (`W/"…"`) does not promise the same bytes (RFC 9110, 8.8.1).
 */
export function validatorOf(response: Response): string | null {
  const etag = response.headers.get('etag');
  if (etag?.startsWith('"') === true) return etag;
  return response.headers.get('last-modified');
}
