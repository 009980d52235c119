/** What the tool, its page and the page's worker say to each other. Everything in it can be copied. */

import type { ErrorCode } from '../../../src/base/errors.ts';
import type { HubAddress } from '../../../src/checkpoint/sources/address.ts';
import type { DownloadPlan } from '../../../src/checkpoint/sources/download-plan.ts';
import type { ModelProgress } from '../../../src/checkpoint/sources/hub.ts';

export interface PublishedRequest {
  readonly address: HubAddress;
  readonly device: 'wasm' | 'webgpu';
  readonly runs: readonly PublishedRun[];
}

/** One image under one mask. */
export interface PublishedRun {
  /** A data: address. */
  readonly image: string;
  readonly generator: 'torch' | 'numpy';
  readonly seed: number;
}

/** On the way to the answer. */
export type PublishedEvent =
  | { readonly kind: 'plan'; readonly plan: DownloadPlan }
  | { readonly kind: 'progress'; readonly progress: ModelProgress }
  | { readonly kind: 'notice'; readonly message: string }
  | { readonly kind: 'compiling' };

export interface PublishedReport {
  readonly device: string;
  readonly attention: string;
  /** Why it did not run on the device that was asked for. */
  readonly fallback: string | null;
  /** One for each of the request's. */
  readonly runs: readonly RunResult[];
}

export type RunResult =
  | {
      /** The image's size as it came, in pixels. */
      readonly width: number;
      readonly height: number;
      /** Of the logits. */
      readonly shape: readonly number[];
      /** `logits[0, :3, :3]` */
      readonly slice: readonly (readonly number[])[];
    }
  | { readonly error: string };

export type PublishedAnswer =
  | { readonly report: PublishedReport }
  | { readonly error: { readonly code: ErrorCode | null; readonly message: string } };

export interface PublishedWorker {
  /** @throws LensError */
  verify(request: PublishedRequest, tell: (event: PublishedEvent) => void): Promise<PublishedReport>;
}
