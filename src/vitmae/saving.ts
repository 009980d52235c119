/** Writes a model's files: to a folder on disk, into a directory handle, or as files for the caller. */
import { LensError } from '../base/errors.ts';
import {
  safetensorsPieces,
  type WrittenTensor,
  type WrittenType,
} from '../checkpoint/formats/safetensors-writer.ts';
import { disk, pathOf } from './disk.ts';

/** What we use of FileSystemDirectoryHandle to write into a folder. */
export interface WritableDirectory {
  readonly kind: 'directory';
  getFileHandle(
    name: string,
    options: { readonly create: true },
  ): Promise<{
    createWritable(): Promise<{
      write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
      close(): Promise<void>;
      abort?(): Promise<void>;
    }>;
  }>;
}

/** In Node the path of a folder, which is made where it is not there; or a directory handle. */
export type SaveTarget = string | WritableDirectory;

/** A file that is made while it is written. */
export interface UnwrittenFile {
  readonly name: string;
  /** Its bytes in order; a piece is good until the next is asked for. */
  pieces(): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** A JSON file, indented as transformers writes it. */
export function textFile(name: string, json: unknown): UnwrittenFile {
  return {
    name,
    async *pieces() {
      yield new TextEncoder().encode(`${JSON.stringify(json, null, 2)}\n`);
    },
  };
}

/** A file of weights. */
export function weightsFile(
  name: string,
  tensors: readonly WrittenTensor[],
  type: WrittenType,
  read: (name: string, into: Float32Array) => Promise<void>,
): UnwrittenFile {
  return { name, pieces: () => safetensorsPieces(tensors, type, read) };
}

/**
 * @returns the files where no target is given; else none, for they are in their place
 * @throws LensError `argument-invalid` for a path where there is no disk
 */
export async function saveFiles(
  files: readonly UnwrittenFile[],
  target: SaveTarget | undefined,
): Promise<readonly File[]> {
  if (target === undefined) return Promise.all(files.map(inMemory));
  for (const file of files) {
    if (typeof target === 'string') await toDisk(file, pathOf(target));
    else await toDirectory(file, target);
  }
  return [];
}

async function inMemory({ name, pieces }: UnwrittenFile): Promise<File> {
  const parts: Blob[] = [];
  for await (const piece of pieces()) parts.push(new Blob([piece]));
  return new File(parts, name);
}

async function toDisk({ name, pieces }: UnwrittenFile, folder: string): Promise<void> {
  const fs = disk();
  if (fs === null) throw new LensError('argument-invalid/no-path', { path: folder });
  fs.mkdirSync(folder, { recursive: true });
  // Under another name first: what is saved may be read from the very file that it replaces.
  const [temporary, final] = [`${folder}/${name}.part`, `${folder}/${name}`];
  const file = fs.openSync(temporary, 'w');
  try {
    for await (const piece of pieces()) {
      for (let at = 0; at < piece.byteLength; ) at += fs.writeSync(file, piece, at);
    }
    fs.closeSync(file);
  } catch (error) {
    fs.closeSync(file);
    fs.rmSync(temporary);
    throw error;
  }
  fs.renameSync(temporary, final);
}

async function toDirectory({ name, pieces }: UnwrittenFile, directory: WritableDirectory): Promise<void> {
  const writable = await (await directory.getFileHandle(name, { create: true })).createWritable();
  try {
    for await (const piece of pieces()) await writable.write(piece);
    await writable.close();
  } catch (error) {
    await writable.abort?.();
    throw error;
  }
}
