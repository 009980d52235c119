import type { IHasher } from 'hash-wasm';
import { throwIfCancelled } from '../../base/cancel.ts';
import { LensError } from '../../base/errors.ts';
import type { Damage } from '../../locales/values.ts';
import { latin1, SNIFFED_BYTES } from '../bytes/sniff.ts';
import { type CacheKey, dataName, deleteStored, readEntry, writeEntry } from '../storage/entries.ts';
import { type FileStore, type FileWriter, storageFull } from '../storage/file-store.ts';
import { hashOf } from './hash.ts';
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
  validatorOf,
  webPage,
} from './http.ts';
import { type DownloadNotice, noticeOf } from './notice.ts';
import { ProgressMeter, type TransferProgress } from './progress.ts';
import { isSameFile, type RemoteFile } from './remote-file.ts';
import { PATIENCE, PassingFailure, type Patience, Tries, Watch } from './retry.ts';

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  /** At most ten times a second, and at the start, the end and every new start. */
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
  readonly onNotice?: ((notice: DownloadNotice) => void) | undefined;
  readonly patience?: Patience | undefined;
}

/** A host that cannot be reached at all is not worth more; CORS refusals look the same and never pass. */
const TRIES_WITHOUT_ANSWER = 2;

/**
 * One download of one file. If-Range would let the server decide whether a part still fits, but a header that CORS
 * does not safelist asks for permission first, and the hub's CDN does not give it; Range alone needs none (Fetch
 * standard, "CORS-safelisted request-header"). So we ask for the rest and compare what comes with what we had.
 */
export class Transfer {
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
      options.onNotice?.(noticeOf('changed/since-it-began', { file: remote.name }));
    }
    const named = remote.identity !== null || remote.sha256 !== null;
    const certain = named && (entry?.identity === remote.identity || entry?.sha256 === remote.sha256);
    // A part that claims to be everything must be known to be of this file: no response will contradict it.
    if (remote.size !== null && (size > remote.size || (size === remote.size && !certain))) keep = false;
    if (keep && entry?.complete === true && size !== entry.size) {
      options.onNotice?.(noticeOf('damaged/cut-in-storage', { file: remote.name }));
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
      if (round === 2) {
        throw new LensError('checkpoint-malformed/damaged-twice', { file: this.#remote.name, damage });
      }
      this.#options.onNotice?.(noticeOf('damaged/arrived', { file: this.#remote.name, damage }));
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
      throw new LensError('not-found/changed-while-stored', { file: this.#remote.name });
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
          this.#options.onNotice?.(noticeOf('retrying/interrupted', { file: this.#remote.name })),
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
      if (this.#offset === 0 && isWebPage(response, latin1(chunk.subarray(0, SNIFFED_BYTES)))) {
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
  #damage(): Damage | null {
    const { size, sha256: expected } = this.#remote;
    if (size !== null && this.#offset !== size) return { came: this.#offset, expected: size };
    if (this.#hash === null || expected === null) return null;
    return this.#hash.digest() === expected ? null : 'sha256';
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
    const key = wasOther ? 'changed/on-server' : 'no-resume/starts-over';
    this.#options.onNotice?.(noticeOf(key, { file: this.#remote.name }));
  }
}
