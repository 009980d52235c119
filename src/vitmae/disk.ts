/**
 * The disk, where there is one: Node, Deno and Bun. It is asked for by name at run time, so that no bundler for
 * browsers looks for Node's modules.
 */
import { LensError } from '../base/errors.ts';
import type { ByteSource } from '../checkpoint/bytes/bytes.ts';

interface Stats {
  readonly size: number;
  readonly mtimeMs: number;
  isDirectory(): boolean;
  isFile(): boolean;
}

interface FileSystem {
  openSync(path: string, flags: string): number;
  readSync(file: number, into: Uint8Array, offset: number, length: number, position: number): number;
  writeSync(file: number, bytes: Uint8Array, offset?: number, length?: number, position?: number): number;
  ftruncateSync(file: number, size: number): void;
  fsyncSync(file: number): void;
  closeSync(file: number): void;
  statSync(path: string, options: { readonly throwIfNoEntry: false }): Stats | undefined;
  readdirSync(path: string): string[];
  mkdirSync(path: string, options: { readonly recursive: true }): void;
  rmSync(path: string): void;
  renameSync(from: string, to: string): void;
  statfsSync(path: string): { readonly bavail: number; readonly bsize: number };
  openAsBlob(path: string): Promise<Blob>;
}

/** Null in a browser. */
export function disk(): FileSystem | null {
  const { process } = globalThis as {
    process?: { getBuiltinModule?: (name: string) => unknown; versions?: { node?: string } };
  };
  if (process?.versions?.node === undefined) return null;
  return (process.getBuiltinModule?.('node:fs') as FileSystem | undefined) ?? null;
}

/** Whether a text is a path rather than a name on the hub: by its form, or because it is there. */
export function isPath(text: string): boolean {
  if (/^[a-z]{2,}:\/\//i.test(text)) return text.startsWith('file:');
  if (/^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[a-z]:[\\/])/i.test(text)) return true;
  return disk()?.statSync(text, { throwIfNoEntry: false }) !== undefined;
}

/** file:///models/mae → /models/mae */
export function pathOf(text: string): string {
  return text.startsWith('file:') ? decodeURIComponent(new URL(text).pathname) : text;
}

/**
 * The files of a folder on disk by name, or the one file; none is read here.
 * @throws LensError `not-found`, `argument-invalid` where there is no disk
 */
export function filesOnDisk(text: string): ReadonlyMap<string, ByteSource> {
  const path = pathOf(text);
  const fs = disk();
  if (fs === null) throw new LensError('argument-invalid/no-path', { path });
  const stats = fs.statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new LensError('not-found/path', { path });
  const paths = stats.isDirectory()
    ? fs.readdirSync(path).map((name) => `${path.replace(/[\\/]+$/, '')}/${name}`)
    : [path];
  const files = new Map<string, ByteSource>();
  for (const one of paths) {
    const found = fs.statSync(one, { throwIfNoEntry: false });
    if (found?.isFile() === true) files.set(nameOf(one), fileSource(fs, one, found.size));
  }
  return files;
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Reads ranges, also without waiting: the file is never whole in memory. */
function fileSource(fs: FileSystem, path: string, size: number): ByteSource {
  const name = nameOf(path);
  const readSync = (start: number, end: number): Uint8Array<ArrayBuffer> => {
    if (end > size)
      throw new LensError('checkpoint-malformed/ends-too-early', { file: name, missing: end - size });
    const bytes = new Uint8Array(end - start);
    let file: number;
    try {
      file = fs.openSync(path, 'r');
    } catch (cause) {
      throw new LensError('not-found/file-gone', { file: name }, { cause });
    }
    try {
      let at = 0;
      while (at < bytes.byteLength) {
        const count = fs.readSync(file, bytes, at, bytes.byteLength - at, start + at);
        if (count === 0) throw new LensError('not-found/file-gone', { file: name });
        at += count;
      }
    } finally {
      fs.closeSync(file);
    }
    return bytes;
  };
  return { name, size, readSync, read: async (start, end) => readSync(start, end) };
}

/** What relative addresses are relative to: the page's or the worker's own; undefined where there is neither. */
export function baseAddress(): string | undefined {
  const { document, location } = globalThis as {
    document?: { readonly baseURI: string };
    location?: { readonly href: string };
  };
  return document?.baseURI ?? location?.href;
}
