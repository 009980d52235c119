/** What is known of every stored file, in a small JSON file beside it. */
import * as z from 'zod/mini';
import type { FileStore } from './file-store.ts';

/** Which file of which model. */
export interface CacheKey {
  /** The address of the model's page or folder, without a slash at its end. */
  readonly source: string;
  /** As the model's folder names it. */
  readonly file: string;
}

const entrySchema = z.object({
  source: z.string(),
  file: z.string(),
  /** In bytes; null where nobody said. */
  size: z.nullable(z.int().check(z.minimum(0))),
  /** SHA-256 in hex, as the hub states it; null where it does not. */
  sha256: z.nullable(z.string()),
  /** A name that changes when the content changes, as the hub's listing states it. */
  identity: z.nullable(z.string()),
  /** A strong ETag or Last-Modified of the response that the bytes came with. */
  validator: z.nullable(z.string()),
  /** Every byte is there and has been checked. */
  complete: z.boolean(),
});
export type CacheEntry = Readonly<z.infer<typeof entrySchema>>;

const manifestSchema = z.object({
  source: z.string(),
  title: z.string(),
  commit: z.nullable(z.string()),
  files: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      size: z.nullable(z.int().check(z.minimum(0))),
      sha256: z.nullable(z.string()),
      identity: z.nullable(z.string()),
    }),
  ),
});
/** Which files make up a model; stored, so that it opens without asking the network what they are. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

const ENTRY = '.entry.json';
const MANIFEST = '.model.json';
const DATA = '.data';

/** The name under which the store has the file's bytes: what people type can be longer than a file name may be. */
export function dataName(key: CacheKey): string {
  return `${digest(key.source, key.file)}${DATA}`;
}

export async function readEntry(store: FileStore, key: CacheKey): Promise<CacheEntry | undefined> {
  const entry = await readRecord(store, entryName(key), entrySchema);
  return entry?.source === key.source && entry.file === key.file ? entry : undefined;
}

export function writeEntry(store: FileStore, entry: CacheEntry): Promise<void> {
  return writeRecord(store, entryName(entry), entry);
}

/** Deletes a file and what is known of it. */
export async function deleteStored(store: FileStore, key: CacheKey): Promise<void> {
  await store.delete(dataName(key));
  await store.delete(entryName(key));
}

/** The stored file, when all of it is there; undefined otherwise. */
export async function readComplete(
  store: FileStore,
  key: CacheKey,
): Promise<{ readonly entry: CacheEntry; readonly blob: Blob } | undefined> {
  const entry = await readEntry(store, key);
  if (entry?.complete !== true) return undefined;
  const blob = await store.read(dataName(key));
  return blob !== undefined && blob.size === entry.size ? { entry, blob } : undefined;
}

export async function readManifest(store: FileStore, source: string): Promise<Manifest | undefined> {
  const manifest = await readRecord(store, manifestName(source), manifestSchema);
  return manifest?.source === source ? manifest : undefined;
}

export function writeManifest(store: FileStore, manifest: Manifest): Promise<void> {
  return writeRecord(store, manifestName(manifest.source), manifest);
}

/** A model of which something is stored. */
export interface StoredModel {
  /** As in `CacheKey`; what `deleteModel` takes. */
  readonly source: string;
  /** For people: "facebook/vit-mae-base". */
  readonly title: string;
  readonly files: readonly StoredModelFile[];
  /** Bytes of all its files, parts of unfinished ones included. */
  readonly bytes: number;
  /** Whether it opens without the network. */
  readonly complete: boolean;
  /** When one of its files last changed, in milliseconds since 1970. */
  readonly modified: number;
}

export interface StoredModelFile {
  readonly file: string;
  /** As stored so far. */
  readonly bytes: number;
  /** Null where nobody said. */
  readonly totalBytes: number | null;
  readonly complete: boolean;
}

/** The models of which something is stored, the one that changed last first. */
export async function storedModels(store: FileStore): Promise<readonly StoredModel[]> {
  const listed = new Map((await store.list()).map((file) => [file.name, file]));
  const manifests = new Map<string, Manifest>();
  const files = new Map<string, StoredModelFile[]>();
  const modified = new Map<string, number>();
  for (const name of listed.keys()) {
    if (name.endsWith(MANIFEST)) {
      const manifest = await readRecord(store, name, manifestSchema);
      if (manifest !== undefined) manifests.set(manifest.source, manifest);
    } else if (name.endsWith(ENTRY)) {
      const entry = await readRecord(store, name, entrySchema);
      if (entry === undefined) continue;
      const data = listed.get(dataName(entry));
      const bytes = data?.size ?? 0;
      files.set(entry.source, [
        ...(files.get(entry.source) ?? []),
        {
          file: entry.file,
          bytes,
          totalBytes: entry.size,
          complete: entry.complete && bytes === entry.size,
        },
      ]);
      modified.set(entry.source, Math.max(modified.get(entry.source) ?? 0, data?.modified ?? 0));
    }
  }
  const models = [...files].map(([source, parts]) => {
    const manifest = manifests.get(source);
    const whole = new Set(parts.filter(({ complete }) => complete).map(({ file }) => file));
    return {
      source,
      title: manifest?.title ?? source,
      files: parts.sort((a, b) => b.bytes - a.bytes),
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      complete: manifest?.files.every(({ name }) => whole.has(name)) === true,
      modified: modified.get(source) ?? 0,
    };
  });
  return models.sort((a, b) => b.modified - a.modified);
}

/** Deletes one model. Waits while one of its files is being downloaded: cancel that first. */
export async function deleteModel(store: FileStore, source: string): Promise<void> {
  const model = (await storedModels(store)).find((candidate) => candidate.source === source);
  // The manifest goes first: a model half deleted must not count as one that opens without the network.
  await store.delete(manifestName(source));
  for (const { file } of model?.files ?? []) {
    const key = { source, file };
    await store.exclusive(dataName(key), undefined, () => deleteStored(store, key));
  }
}

function entryName(key: CacheKey): string {
  return `${digest(key.source, key.file)}${ENTRY}`;
}

function manifestName(source: string): string {
  return `${digest(source)}${MANIFEST}`;
}

/** 64-bit FNV-1a, in hex. Two keys of one name would share a place: `readEntry` tells them apart. */
function digest(...parts: readonly string[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(parts.join('\n'))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

/** A record that a crash cut short, or that another version wrote, counts as none. */
async function readRecord<T>(
  store: FileStore,
  name: string,
  schema: z.ZodMiniType<T>,
): Promise<T | undefined> {
  const text = await (await store.read(name))?.text();
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function writeRecord(store: FileStore, name: string, record: unknown): Promise<void> {
  const text = new TextEncoder().encode(JSON.stringify(record));
  await store.exclusive(name, undefined, async () => {
    const writer = await store.append(name, 0);
    try {
      await writer.write(text);
    } finally {
      await writer.close();
    }
  });
}
