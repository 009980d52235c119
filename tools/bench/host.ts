import { createReadStream, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { contentTypes } from '../browser/content-types.ts';

/** Bytes of bodies that a host has sent, as they went over the wire. */
export interface Sent {
  readonly all: number;
  readonly scripts: number;
}

/** A static host as visitors meet them: it compresses what static hosts compress, and lets browsers keep it a while. */
export interface Host {
  /** With a slash at its end. */
  readonly url: string;
  /** Between two moments, in milliseconds since the epoch. */
  sent(from: number, until: number): Sent;
  close(): Promise<void>;
}

/** A folder's files by their paths below it, compressed ahead so that no measurement pays for it. */
export type Site = ReadonlyMap<string, { readonly file: string; readonly zipped: Buffer | null }>;

const COMPRESSED = new Set(['.css', '.html', '.js', '.json', '.mjs', '.svg', '.wasm']);
/** Small pieces, so that what is counted as sent is not far ahead of what has arrived. */
const PIECE = 16 * 1024;

export async function readSite(folder: string): Promise<Site> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(async (name) => {
    const file = path.join(folder, name);
    if (!statSync(file).isFile()) return [];
    const compress = COMPRESSED.has(path.extname(name));
    const zipped = compress ? await promisify(gzip)(await readFile(file)) : null;
    return [[name.split(path.sep).join('/'), { file, zipped }]] as const;
  });
  return new Map((await Promise.all(entries)).flat());
}

/** @param headers of every answer */
export async function startHost(site: Site, headers: Readonly<Record<string, string>>): Promise<Host> {
  const pieces: { readonly at: number; readonly bytes: number; readonly script: boolean }[] = [];
  async function send(url: string, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(url, 'http://localhost');
    const name = decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname).slice(1);
    const found = site.get(name);
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    const extension = path.extname(name);
    const script = extension === '.js' || extension === '.mjs';
    response.writeHead(200, {
      ...headers,
      'Cache-Control': 'max-age=600',
      'Content-Type': contentTypes[extension] ?? 'application/octet-stream',
      'Content-Length': found.zipped?.byteLength ?? statSync(found.file).size,
      ...(found.zipped === null ? {} : { 'Content-Encoding': 'gzip' }),
    });
    const body =
      found.zipped === null
        ? createReadStream(found.file, { highWaterMark: PIECE })
        : Readable.from(inPieces(found.zipped), { objectMode: false });
    const count = new Transform({
      highWaterMark: PIECE,
      transform(piece: Buffer, _, done) {
        pieces.push({ at: now(), bytes: piece.byteLength, script });
        done(null, piece);
      },
    });
    await pipeline(body, count, response);
  }
  const server = createServer((request, response) => {
    // A page that is closed takes its connections with it; what it was loading is of no interest then.
    send(request.url ?? '/', response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The host has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    sent(from, until) {
      const sum = (of: typeof pieces) => of.reduce((total, { bytes }) => total + bytes, 0);
      const between = pieces.filter(({ at }) => at >= from && at <= until);
      return { all: sum(between), scripts: sum(between.filter(({ script }) => script)) };
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
}

function* inPieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.byteLength; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** The clock of pages too: what they call `performance.timeOrigin + performance.now()`. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
