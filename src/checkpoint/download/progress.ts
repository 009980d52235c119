import type { DownloadProgress } from './fetch-file.ts';

/** How far a download has come and how fast it goes. */
export interface TransferProgress extends DownloadProgress {
  /** Over the last seconds; null until there is something to measure. */
  readonly bytesPerSecond: number | null;
  /** Null where the speed or the total is unknown, or nothing moves. */
  readonly secondsLeft: number | null;
}

/** At most ten reports in a second: more than the eye follows, and few enough to send between threads. */
const REPORT_EVERY_MS = 100;
/** The speed is a mean over this time: long enough to be calm, short enough to follow a change of network. */
const WINDOW_MS = 5000;
const SHORTEST_WINDOW_MS = 300;

/** Counts a download's bytes and reports at a bearable rate. */
export class ProgressMeter {
  readonly #file: string;
  readonly #report: (progress: TransferProgress) => void;
  readonly #now: () => number;
  /** Bytes received since the start, at a time: never less, even when the download starts over. */
  #samples: { readonly time: number; readonly received: number }[];
  #received = 0;
  #lastReport = Number.NEGATIVE_INFINITY;
  #loaded = 0;
  #total: number | null = null;

  /** @param now in milliseconds; another clock for tests */
  constructor(
    file: string,
    report: (progress: TransferProgress) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#file = file;
    this.#report = report;
    this.#now = now;
    this.#samples = [{ time: now(), received: 0 }];
  }

  /** The download is here now, without anything received: at its start, when it starts over, and at its end. */
  moveTo(loadedBytes: number, totalBytes: number | null): void {
    this.#loaded = loadedBytes;
    this.#total = totalBytes;
    this.#send(this.#now());
  }

  receive(bytes: number): void {
    this.#received += bytes;
    this.#loaded += bytes;
    const time = this.#now();
    if (time - this.#lastReport >= REPORT_EVERY_MS) this.#send(time);
  }

  #send(time: number): void {
    this.#lastReport = time;
    this.#samples.push({ time, received: this.#received });
    while (this.#samples.length > 2 && time - (this.#samples[0]?.time ?? time) > WINDOW_MS)
      this.#samples.shift();
    const oldest = this.#samples[0];
    const elapsed = oldest === undefined ? 0 : time - oldest.time;
    const bytesPerSecond =
      oldest === undefined || elapsed < SHORTEST_WINDOW_MS
        ? null
        : ((this.#received - oldest.received) * 1000) / elapsed;
    const totalBytes = this.#total !== null && this.#loaded <= this.#total ? this.#total : null;
    this.#report({
      file: this.#file,
      loadedBytes: this.#loaded,
      totalBytes,
      bytesPerSecond,
      secondsLeft:
        totalBytes === null || bytesPerSecond === null || bytesPerSecond === 0
          ? null
          : (totalBytes - this.#loaded) / bytesPerSecond,
    });
  }
}
