/** How answers of web servers are read: what they announce, and what a refusal means. */
import { LensError } from '../../base/errors.ts';
import { bytesInWords, moreBytes } from '../bytes/words.ts';

/** Longer than any beginning by which a web page is recognised. */
export const SNIFFED_BYTES = 256;

/** No answer at all. */
export function noConnection(url: string, cause: unknown): LensError {
  const advice =
    globalThis.navigator?.onLine === false
      ? 'This machine is offline: connect it and try again, or open the files from disk.'
      : 'Either the connection failed, or the server does not let other sites read the file (CORS). Check the ' +
        'connection and try again; if it keeps failing, download the files and open them from disk.';
  return new LensError('network', `${url} could not be downloaded. ${advice}`, { cause });
}

/** What an answer other than 2xx means. */
export function refusal(status: number, url: string): LensError {
  if (status === 404 || status === 410) {
    return new LensError('not-found', `There is no file at ${url}. Check the address and the model's name.`);
  }
  if (status === 401 || status === 403) {
    return new LensError(
      'network',
      `The server does not give out ${url} (status ${status}). If the model is private or asks for consent, ` +
        'download its files while signed in and open them from disk.',
    );
  }
  return new LensError(
    'network',
    `The server could not send ${url} (status ${status}). Try again in a while.`,
  );
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
  const rest =
    expectedBytes !== null && expectedBytes > loadedBytes
      ? `: expected ${moreBytes(expectedBytes - loadedBytes)}`
      : '';
  return new LensError(
    'network',
    `The download of ${url} broke off after ${bytesInWords(loadedBytes)}${rest}. Check the connection and try again.`,
    { cause },
  );
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
 * @param start the first bytes of the body, as text
 */
export function isWebPage(response: Response, start: string): boolean {
  const type = response.headers.get('content-type') ?? '';
  return /^\s*text\/html\b/i.test(type) || /^\ufeff?\s*<(?:!doctype html|html)\b/i.test(start);
}

export function webPage(url: string): LensError {
  return new LensError(
    'not-found',
    `There is no file at ${url}: the server answered with a web page instead. Check the address.`,
  );
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

/** The last part of an address's path, without escapes; empty for a folder's address. */
export function fileName(url: string): string {
  const { pathname } = new URL(url);
  const name = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
