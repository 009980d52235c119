/** The images of published numbers: from their own addresses, from a mirror, or from a folder. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileName } from '../../src/checkpoint/file-names.ts';
import type { PublishedImage } from './published.ts';

const PATIENCE_MS = 30_000;

/**
 * An image's bytes.
 * @param from a folder or the address of one, with the images under the last part of their addresses; a folder may
 * have an image as PNG instead. Null for the images' own addresses.
 * @throws Error with what to do
 */
export async function readImage(
  { url }: PublishedImage,
  from: string | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const name = fileName(url);
  if (from === null) return download(url, name);
  if (isAddress(from)) return download(`${from.replace(/\/+$/, '')}/${encodeURIComponent(name)}`, name);
  const found = [name.replace(/\.[^.]+$/, '.png'), name]
    .map((file) => path.join(from, file))
    .find((file) => existsSync(file));
  if (found === undefined)
    throw new Error(`The image ${name} is not in ${from}. Save ${url} there under that name.`);
  return new Uint8Array(await readFile(found));
}

/** Anything else is a folder. */
export function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** Not by the page: the servers of images owe no other site an answer (CORS), and a visitor brings a file as well. */
async function download(url: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const advice = `Save the image with a browser as ${name} into a folder, and name the folder with --images.`;
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new Error(`The image at ${url} could not be downloaded (${reasonOf(error)}). ${advice}`, {
      cause: error,
    });
  }
  throw new Error(`The server does not give out the image at ${url} (status ${response.status}). ${advice}`);
}

/** fetch itself says no more than "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const reason = cause instanceof Error && cause.message !== '' ? cause : error;
  return reason instanceof Error ? reason.message : String(reason);
}
