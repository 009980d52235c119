/** One file from the network into a store: resumed where it broke off, checked before it counts as there. */
import { createSHA256, type IHasher } from 'hash-wasm';
import { throwIfCancelled } from '../../base/cancel.ts';
import { LensError } from '../../base/errors.ts';
import {
  type CacheEntry,
  type CacheKey,
  dataName,
  deleteStored,
  readComplete,
  readEntry,
  writeEntry,
} from '../storage/entries.ts';
import { type FileStore, type FileWriter, storageFull } from '../storage/file-store.ts';
import {
  announcedBytes,
  contentRange,
  endedEarly,
  isWebPage,
  knowsEncoding,
  mayPass,
  noConnection,
  refusal,
  retryAfterMs,
  SNIFFED_BYTES,
  validatorOf,
  webPage,
} from './http.ts';
import { ProgressMeter, type TransferProgress } from './progress.ts';
import { PATIENCE, PassingFailure, type Patience, Tries, Watch } from './retry.ts';

/** A file on the network, and what is known of it beforehand. */
export interface RemoteFile {
  /** Inside the model's folder: "model.safetensors". */
  readonly name: string;
  readonly url: string;
  /** In bytes; null where nobody says. */
  readonly size: number | null;
  /** Of its content, in hex; null where nobody says. */
  readonly sha256: string | null;
  /** A name that changes when the content changes; null where nobody gives one. */
  readonly identity: string | null;
}

/** Something that the visitor may want to know although it was dealt with. */
export interface DownloadNotice {
  /**
   * `changed`: the file is another one than when the download began, so it starts over. `no-resume`: the server
   * cannot go on where it broke off, so it starts over. `damaged`: what came is not what it should be, so it is
   * fetched again. `retrying`: the connection broke and is tried again.
   */
  readonly kind: 'changed' | 'no-resume' | 'damaged' | 'retrying';
  readonly file: string;
  readonly message: string;
}

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  /** At most ten times a second, and at the start, the end and every new start. */
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
  readonly onNotice?: ((notice: DownloadNotice) => void) | undefined;
  readonly patience?: Patience | undefined;
}

/** A host that cannot be reached at all is not worth more; CORS refusals look the same and never pass. */
const TRIES_WITHOUT_ANSWER = 2;
/** Pieces in which a part that is already there is read, to go on with its hash. */
const HASH_BYTES = 4 * 2 ** 20;

/**
 * The file, from the store when all of it is there, else completed from the network. What has arrived stays in the
 * store when this rejects, and the next call goes on from there.
 * Rejects with `not-found`, `network` (once patience is at its end), `checkpoint-malformed` (it arrived damaged
 * twice), `storage-full` or `cancelled`.
 */
export function downloadFile(
  source: string,
  remote: RemoteFile,
  store: FileStore,
  options: TransferOptions = {},
): Promise<Blob> {
  const key: CacheKey = { source, file: remote.name };
  const { signal } = options;
  return store.exclusive(dataName(key), signal, async () => {
    throwIfCancelled(signal);
    const kept = await keptFile(key, remote, store);
    if (kept !== undefined) return kept;
    const transfer = await Transfer.begin(key, remote, store, options);
    try {
      await transfer.run();
    } catch (error) {
      await transfer.close();
      // Nothing came: a file that does not exist must not be listed as begun.
      if (transfer.isEmpty) await deleteStored(store, key);
      throw error;
    }
    await transfer.close();
    return transfer.finish();
  });
}

/** Whether the stored file is this one, as far as anybody can say without the network. */
export function isSameFile(entry: CacheEntry, remote: RemoteFile): boolean {
  const agrees = <T>(stored: T | null, now: T | null) => stored === null || now === null || stored === now;
  return (
    agrees(entry.size, remote.size) &&
    agrees(entry.sha256, remote.sha256) &&
    agrees(entry.identity, remote.identity)
  );
}

/** Whether the bytes of a blob have this SHA-256, in hex. */
export async function hasSha256(
  blob: Blob,
  expected: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return (await hashOf(blob, signal)).digest() === expected;
}

async function keptFile(key: CacheKey, remote: RemoteFile, store: FileStore): Promise<Blob | undefined> {
  const complete = await readComplete(store, key);
  return complete !== undefined && isSameFile(complete.entry, remote) ? complete.blob : undefined;
}

async function hashOf(blob: Blob, signal: AbortSignal | undefined): Promise<IHasher> {
  const hash = (await createSHA256()).init();
  for (let at = 0; at < blob.size; at += HASH_BYTES) {
    throwIfCancelled(signal);
    hash.update(new Uint8Array(await blob.slice(at, at + HASH_BYTES).arrayBuffer()));
  }
  return hash;
}

/**
 * One download of one file. If-Range would let the server decide whether a part still fits, but a header that CORS
 * does not safelist asks for permission first, and the hub's CDN does not give it; Range alone needs none (Fetch
 * standard, "CORS-safelisted request-header"). So we ask for the rest and compare what comes with what we had.
 */
class Transfer {
  readonly #key: CacheKey;
  readonly #remote: RemoteFile;
  readonly #store: FileStore;
  readonly #options: TransferOptions;
  readonly #patience: Patience;
  readonly #meter: ProgressMeter;
  readonly #writer: FileWriter;
  readonly #hash: IHasher | null;
  /** Bytes that are there. */
  #offset: number;
  /** Bytes that there should be; null while nobody has said. */
  #total: number | null;
  #validator: string | null;
  /** Whether the part that is there is known to belong to `remote`, whatever a response's validator says. */
  #certain: boolean;
  #answered = false;

  /** Looks at what the store has and opens it for writing. */
  static async begin(
    key: CacheKey,
    remote: RemoteFile,
    store: FileStore,
    options: TransferOptions,
  ): Promise<Transfer> {
    const entry = await readEntry(store, key);
    const part = entry === undefined ? undefined : await store.read(dataName(key));
    const size = part?.size ?? 0;
    let keep = entry !== undefined && isSameFile(entry, remote);
    if (entry !== undefined && !keep && size > 0) {
      options.onNotice?.(
        notice('changed', remote, 'is another file now than when its download began: it starts over'),
      );
    }
    const named = remote.identity !== null || remote.sha256 !== null;
    const certain = named && (entry?.identity === remote.identity || entry?.sha256 === remote.sha256);
    // A part that claims to be everything must be known to be of this file: no response will contradict it.
    if (remote.size !== null && (size > remote.size || (size === remote.size && !certain))) keep = false;
    if (keep && entry?.complete === true && size !== entry.size) {
      options.onNotice?.(
        notice('damaged', remote, 'is no longer stored completely: what is missing is fetched again'),
      );
      // Longer than it was: nobody knows what was added.
      if (entry.size !== null && size > entry.size) keep = false;
    }
    const offset = keep ? size : 0;
    const hash =
      remote.sha256 === null ? null : await hashOf((part ?? new Blob()).slice(0, offset), options.signal);
    const writer = await store.append(dataName(key), offset);
    const validator = keep ? (entry?.validator ?? null) : null;
    return new Transfer(key, remote, store, options, writer, {
      hash,
      offset,
      validator,
      // What is yet to come is what the address gives now.
      certain: offset === 0 ? named : certain,
    });
  }

  private constructor(
    key: CacheKey,
    remote: RemoteFile,
    store: FileStore,
    options: TransferOptions,
    writer: FileWriter,
    begun: {
      readonly hash: IHasher | null;
      readonly offset: number;
      readonly validator: string | null;
      readonly certain: boolean;
    },
  ) {
    this.#key = key;
    this.#remote = remote;
    this.#store = store;
    this.#options = options;
    this.#patience = options.patience ?? PATIENCE;
    this.#meter = new ProgressMeter(remote.name, (progress) => options.onProgress?.(progress));
    this.#writer = writer;
    this.#hash = begun.hash;
    this.#offset = begun.offset;
    this.#validator = begun.validator;
    this.#certain = begun.certain;
    this.#total = remote.size;
  }

  get isEmpty(): boolean {
    return this.#offset === 0;
  }

  /** Until every byte is there and right. */
  async run(): Promise<void> {
    await this.#record(false);
    this.#meter.moveTo(this.#offset, this.#total);
    for (let round = 1; ; round++) {
      await this.#fetchRest();
      const damage = this.#damage();
      if (damage === null) break;
      await this.#startOver();
      if (round === 2) throw this.#damagedTwice(damage);
      this.#note('damaged', `arrived damaged (${damage}): it is fetched again`);
    }
    this.#meter.moveTo(this.#offset, this.#offset);
  }

  close(): Promise<void> {
    return this.#writer.close();
  }

  /** After `run` and `close`: from now on the file counts as there. */
  async finish(): Promise<Blob> {
    const blob = await this.#store.read(dataName(this.#key));
    if (blob?.size !== this.#offset) {
      await deleteStored(this.#store, this.#key);
      throw new LensError(
        'not-found',
        `${this.#remote.name} was deleted or changed while it was being stored. Load the model again.`,
      );
    }
    await this.#record(true);
    return blob;
  }

  async #fetchRest(): Promise<void> {
    const tries = new Tries(this.#patience.waitsMs, this.#options.signal);
    let furthest = this.#offset;
    while (this.#remote.size === null || this.#offset !== this.#remote.size) {
      try {
        await this.#request();
        return;
      } catch (error) {
        throwIfCancelled(this.#options.signal);
        if (!(error instanceof PassingFailure)) throw error;
        // A server that sends the same beginning again and again makes no progress.
        if (this.#offset > furthest) tries.succeed();
        furthest = Math.max(furthest, this.#offset);
        const most = this.#answered ? Number.POSITIVE_INFINITY : TRIES_WITHOUT_ANSWER;
        await tries.fail(error, most, () =>
          this.#note('retrying', 'was interrupted: what has arrived is kept, trying again'),
        );
      }
    }
  }

  /** Asks for what is missing and takes in what comes, until the server ends it. */
  async #request(): Promise<void> {
    const watch = new Watch(this.#patience.silenceMs, this.#options.signal);
    try {
      const response = await this.#open(watch);
      if (await this.#accept(response)) return await this.#takeIn(response, watch);
    } finally {
      watch.end();
    }
    // The part that was there has been dropped, and without one there is nothing that could be refused.
    return this.#request();
  }

  async #open(watch: Watch): Promise<Response> {
    const { url } = this.#remote;
    const init: RequestInit = {
      signal: watch.signal,
      // The store is our cache; a second copy in the browser's would cost the same room again.
      cache: 'no-store',
      ...(this.#offset > 0 ? { headers: { range: `bytes=${this.#offset}-` } } : {}),
    };
    let response: Response;
    try {
      response = await fetch(url, init);
    } catch (error) {
      throw new PassingFailure(noConnection(url, error));
    }
    this.#answered = true;
    watch.beat();
    const { status } = response;
    if (response.ok || (status === 416 && this.#offset > 0)) return response;
    const error = refusal(status, url);
    throw mayPass(status) ? new PassingFailure(error, retryAfterMs(response)) : error;
  }

  /**
   * Decides whether a response goes on from what is there.
   * @returns false when it does not and cannot be used: then nothing is kept
   */
  async #accept(response: Response): Promise<boolean> {
    const validator = validatorOf(response);
    const wasOther = !this.#certain && this.#validator !== null && validator !== this.#validator;
    if (response.status === 206 || response.status === 416) {
      const range = contentRange(response);
      // Another site may hide Content-Range, but not Content-Length, which is that of the rest.
      const announced = announcedBytes(response);
      const total = range !== null ? range.total : announced === null ? null : this.#offset + announced;
      const continues =
        response.status === 206 &&
        (range === null || range.start === this.#offset) &&
        (total === null || this.#total === null || total === this.#total) &&
        (this.#certain || (this.#validator !== null && !wasOther));
      if (!continues) {
        if (this.#offset > 0) this.#noteStartingOver(wasOther);
        // A part that nobody asked for, from somewhere else than the beginning: not what HTTP allows.
        if (this.#offset === 0) throw new PassingFailure(refusal(response.status, this.#remote.url));
        await this.#startOver();
        return false;
      }
      this.#total ??= total;
    } else {
      if (this.#offset > 0) {
        this.#noteStartingOver(wasOther);
        await this.#startOver();
      }
      this.#total = this.#remote.size ?? announcedBytes(response);
      this.#validator = validator;
      await this.#record(false);
    }
    this.#meter.moveTo(this.#offset, this.#total);
    return true;
  }

  async #takeIn(response: Response, watch: Watch): Promise<void> {
    const { url, size } = this.#remote;
    const from = this.#offset;
    const announced = announcedBytes(response);
    const reader = response.body?.getReader();
    for (;;) {
      const chunk = await this.#read(reader);
      if (chunk === undefined) break;
      watch.beat();
      if (
        this.#offset === 0 &&
        isWebPage(response, new TextDecoder().decode(chunk.subarray(0, SNIFFED_BYTES)))
      ) {
        throw webPage(url);
      }
      await this.#write(chunk);
      // More than there should be: no need to wait for the end of it.
      if (size !== null && this.#offset > size) return;
    }
    // What the server itself calls everything has not broken off, even where the listing says that there is more.
    if (announced !== null && this.#offset === from + announced) return;
    const expected = size ?? (knowsEncoding(response) ? this.#total : null);
    if (expected !== null && this.#offset < expected) {
      throw new PassingFailure(endedEarly(url, this.#offset, expected));
    }
  }

  async #read(
    reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      return (await reader?.read())?.value;
    } catch (error) {
      throw new PassingFailure(endedEarly(this.#remote.url, this.#offset, this.#total, error));
    }
  }

  async #write(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.#writer.write(chunk);
    } catch (error) {
      if (!(error instanceof LensError) || error.code !== 'storage-full') throw error;
      const missing = this.#total === null ? null : this.#total - this.#offset;
      throw storageFull(this.#remote.name, missing, await this.#store.freeBytes(), error);
    }
    this.#hash?.update(chunk);
    this.#offset += chunk.byteLength;
    this.#meter.receive(chunk.byteLength);
  }

  async #startOver(): Promise<void> {
    await this.#writer.restart();
    this.#offset = 0;
    this.#hash?.init();
    this.#validator = null;
    // Whatever comes from now on is what the address gives now.
    this.#certain = this.#remote.identity !== null || this.#remote.sha256 !== null;
    this.#total = this.#remote.size;
    this.#meter.moveTo(0, this.#total);
  }

  /** What is wrong with the bytes that are there; null when nothing is. */
  #damage(): string | null {
    const { size, sha256: expected } = this.#remote;
    if (size !== null && this.#offset !== size) {
      return `${this.#offset > size ? 'more than' : `${this.#offset} of`} ${size} bytes came`;
    }
    if (this.#hash === null || expected === null) return null;
    return this.#hash.digest() === expected ? null : 'its SHA-256 is not the one it should be';
  }

  #damagedTwice(damage: string): LensError {
    return new LensError(
      'checkpoint-malformed',
      `${this.#remote.name} arrived damaged twice (${damage}), so it is not used. Try again later or over another ` +
        'connection, or download it by other means and open it from disk.',
    );
  }

  #record(complete: boolean): Promise<void> {
    return writeEntry(this.#store, {
      ...this.#key,
      size: complete ? this.#offset : this.#total,
      sha256: this.#remote.sha256,
      identity: this.#remote.identity,
      validator: this.#validator,
      complete,
    });
  }

  #noteStartingOver(wasOther: boolean): void {
    if (wasOther) this.#note('changed', 'has changed on the server since its download began: it starts over');
    else this.#note('no-resume', 'cannot be resumed from this server: it starts over');
  }

  #note(kind: DownloadNotice['kind'], what: string): void {
    this.#options.onNotice?.(notice(kind, this.#remote, what));
  }
}

function notice(kind: DownloadNotice['kind'], { name }: RemoteFile, what: string): DownloadNotice {
  return { kind, file: name, message: `${name} ${what}.` };
}
