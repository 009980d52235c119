/**
 * Several runs on one image: many seeds, or many ratios. They go to the engine in small batches, and only while
 * nothing else wants the model, so that the live view stays live. What was done is kept whatever happens, together
 * with the image, the model and the settings that made it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type LensError, toLensError } from '../../base/errors.ts';
import type { Engine, ModelInfo, ModelSource } from '../../engine/engine.ts';
import type { PredictionBatch } from '../../engine/model/predictions.ts';
import type { Geometry } from '../../mae/geometry.ts';
import { PatchMoments } from '../../mae/patch-moments.ts';
import type { Image } from '../image/image-state.ts';
import type { Masking } from '../mask/masking.ts';
import type { Settings } from '../mask/settings.ts';
import type { LensState } from '../state.ts';
import {
  nextBatchSize,
  type Obstacle,
  obstacleOf,
  planRuns,
  SEED_COUNTS,
  SEEDS_PER_RATIO,
  type SweepKind,
  takeBatch,
} from './plan.ts';

/** What one run gave. */
export interface Outcome {
  readonly seed: string;
  /** That was asked for. */
  readonly ratio: number;
  /** How many patches were masked. */
  readonly masked: number;
  /** The reference's loss; null when no patch was masked. */
  readonly loss: number | null;
}

/** What the runs painted, taken together; see `PatchMoments`. */
export interface Moments {
  /** [L] */
  readonly timesMasked: Uint32Array;
  /** [L, N], normalised */
  readonly mean: Float32Array;
  /** [L, 3], normalised */
  readonly deviation: Float32Array;
}

/**
 * `overtaken`: another image or another model came. `cancelling`: the batch in flight still counts.
 */
export type SweepStatus = 'running' | 'cancelling' | 'done' | 'cancelled' | 'overtaken' | 'failed';

export interface Sweep {
  readonly kind: SweepKind;
  readonly image: Image;
  readonly model: ModelInfo;
  /** Where that model came from: the same source is the same model, on whatever device. */
  readonly source: ModelSource;
  /** As they were at the start. */
  readonly settings: Settings;
  readonly geometry: Geometry;
  /** Runs that were asked for. */
  readonly total: number;
  /** Runs that are done. */
  readonly outcomes: readonly Outcome[];
  /** Of seeds; null for ratios, and before the first run. */
  readonly moments: Moments | null;
  readonly status: SweepStatus;
  /** Why it failed. */
  readonly error: LensError | null;
  /** What it lets go first: the live view, or a model that is being loaded. */
  readonly waiting: 'live' | 'model' | null;
  /** Null before the first batch, and at the end. */
  readonly secondsLeft: number | null;
}

export interface SweepsState {
  readonly open: boolean;
  /** The kind that is shown. */
  readonly kind: SweepKind;
  /** How many seeds the next sweep has, at each ratio if there are many. */
  readonly seeds: Readonly<Record<SweepKind, number>>;
  /** The newest of each kind. */
  readonly sweeps: Readonly<Record<SweepKind, Sweep | null>>;
}

/** Besides `Obstacle`: what has to come first. */
export type Blocked = Obstacle | 'no-image' | 'no-model' | 'running';

export interface Sweeps {
  readonly store: StoreApi<SweepsState>;
  setOpen(open: boolean): void;
  show(kind: SweepKind): void;
  setSeeds(kind: SweepKind, seeds: number): void;
  /** Begins anew with the settings of now; does nothing while `blocked` says why. */
  start(kind: SweepKind): void;
  /** Ends the sweep after the batch in flight; what is done stays. */
  cancel(): void;
  /** Why a sweep cannot start now; null when it can. */
  blocked(kind: SweepKind): Blocked | null;
}

interface SweepsOptions {
  readonly engine: Engine;
  readonly lens: StoreApi<LensState>;
  /** Resolves when the live view has no run in flight and none waiting; null when that is so. */
  readonly liveRuns: () => Promise<void> | null;
}

/** The hand is taken to rest when nothing has changed for this long, in milliseconds. */
const REST_MS = 250;

/** A sweep while it runs. */
interface RunningSweep {
  readonly kind: SweepKind;
  readonly moments: PatchMoments | null;
  /** Resolves when it is over, however it ended. */
  readonly over: Promise<void>;
  readonly finish: () => void;
}

export function createSweeps({ engine, lens, liveRuns }: SweepsOptions): Sweeps {
  const store = createStore<SweepsState>(() => ({
    open: false,
    kind: 'seeds',
    seeds: { seeds: SEED_COUNTS[1], ratios: SEEDS_PER_RATIO[1] },
    sweeps: { seeds: null, ratios: null },
  }));
  const get = store.getState;
  let running: RunningSweep | null = null;
  let lastChange = Number.NEGATIVE_INFINITY;

  function change(kind: SweepKind, part: Partial<Sweep>): void {
    const { sweeps } = get();
    const sweep = sweeps[kind];
    if (sweep !== null) store.setState({ sweeps: { ...sweeps, [kind]: { ...sweep, ...part } } });
  }

  lens.subscribe((state, before) => {
    if (state.masking !== before.masking || state.image !== before.image) lastChange = performance.now();
    const sweep = running === null ? null : get().sweeps[running.kind];
    if (sweep !== null && !isOf(sweep, state)) end('overtaken');
  });

  function end(status: SweepStatus, error: LensError | null = null): void {
    if (running === null) return;
    const { kind, finish } = running;
    running = null;
    finish();
    change(kind, { status, error, waiting: null, secondsLeft: null });
  }

  /** Waits until nothing else wants the model: no live run, no hand that moves, no model on its way. */
  async function waitForTurn(mine: RunningSweep): Promise<void> {
    const { kind, over } = mine;
    const isLoading = () => LOADING.has(lens.getState().model.phase.phase);
    const wait = (waiting: Sweep['waiting'], until: Promise<void>) => {
      if (get().sweeps[kind]?.waiting !== waiting) change(kind, { waiting });
      return Promise.race([until, over]);
    };
    while (running === mine) {
      const live = liveRuns();
      const rest = lastChange + REST_MS - performance.now();
      if (isLoading())
        await wait(
          'model',
          whenTrue(lens, () => !isLoading()),
        );
      else if (live !== null) await wait('live', live);
      else if (rest > 0) await wait('live', new Promise((resolve) => setTimeout(resolve, rest)));
      else {
        if (get().sweeps[kind]?.waiting !== null) change(kind, { waiting: null });
        return;
      }
    }
  }

  async function runAll(mine: RunningSweep, plan: readonly Masking[], image: string): Promise<void> {
    const start = performance.now();
    let left = plan;
    let size = 1;
    while (left.length > 0 && running === mine) {
      await waitForTurn(mine);
      if (running !== mine) return;
      if (get().sweeps[mine.kind]?.status === 'cancelling') break;
      const { batch, rest } = takeBatch(left, size);
      const before = performance.now();
      const answer = await engine.model.predict(image, batch);
      if (running !== mine) return;
      // With another model under way, the engine may have begun to answer with that one: ask again later.
      const loading = LOADING.has(lens.getState().model.phase.phase);
      if (loading && get().sweeps[mine.kind]?.status === 'cancelling') break;
      if (loading) continue;
      const now = performance.now();
      left = rest;
      size = nextBatchSize(batch.length, now - before);
      record(mine, batch, answer, (((now - start) / (plan.length - rest.length)) * rest.length) / 1000);
    }
    if (running === mine) end(left.length === 0 ? 'done' : 'cancelled');
  }

  function record(
    { kind, moments }: RunningSweep,
    batch: readonly Masking[],
    { predictions }: PredictionBatch,
    secondsLeft: number,
  ): void {
    const fresh = batch.map(({ settings, mask, patches, kept }, index): Outcome => {
      const prediction = predictions[index];
      if (prediction !== undefined) moments?.add(prediction.patches, mask);
      return {
        seed: settings.seed,
        ratio: settings.ratio,
        masked: patches - kept,
        loss: prediction?.loss ?? null,
      };
    });
    const outcomes = [...(get().sweeps[kind]?.outcomes ?? []), ...fresh];
    change(kind, {
      outcomes,
      secondsLeft,
      moments:
        moments === null
          ? null
          : { timesMasked: moments.timesMasked(), mean: moments.mean(), deviation: moments.deviation() },
    });
  }

  function blocked(kind: SweepKind): Blocked | null {
    const { image, masking, model } = lens.getState();
    if (running !== null) return 'running';
    if (image === null) return 'no-image';
    if (model.info === null || image.prepared.imageSize !== model.info.config.image_size) return 'no-model';
    return obstacleOf(kind, masking);
  }

  return {
    store,
    blocked,
    setOpen(open) {
      store.setState({ open });
    },
    show(kind) {
      store.setState({ kind });
    },
    setSeeds(kind, seeds) {
      store.setState({ seeds: { ...get().seeds, [kind]: seeds } });
    },
    start(kind) {
      const { image, settings, masking, model } = lens.getState();
      if (blocked(kind) !== null || image === null || model.info === null || model.inUse === null) return;
      const { geometry } = masking;
      const plan = planRuns(kind, settings, geometry, get().seeds[kind]);
      const sweep: Sweep = {
        kind,
        image,
        model: model.info,
        source: model.inUse,
        settings,
        geometry,
        total: plan.length,
        outcomes: [],
        moments: null,
        status: 'running',
        error: null,
        waiting: null,
        secondsLeft: null,
      };
      store.setState({ sweeps: { ...get().sweeps, [kind]: sweep } });
      const mine = begin(kind, kind === 'seeds' ? new PatchMoments(geometry) : null);
      running = mine;
      runAll(mine, plan, image.prepared.id).catch((error: unknown) => {
        if (running === mine) end('failed', toLensError(error, 'engine-failed/sweep'));
      });
    },
    cancel() {
      if (running === null) return;
      const sweep = get().sweeps[running.kind];
      // While it waits, there is no batch in flight to wait for.
      if (sweep?.waiting !== null) end('cancelled');
      else change(running.kind, { status: 'cancelling' });
    },
  };
}

const LOADING: ReadonlySet<string> = new Set(['loading', 'compiling', 'warming-up']);

function begin(kind: SweepKind, moments: PatchMoments | null): RunningSweep {
  let finish = (): void => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { kind, moments, over, finish };
}

function whenTrue(store: StoreApi<LensState>, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = store.subscribe(() => {
      if (!condition()) return;
      stop();
      resolve();
    });
  });
}

function isOf({ image, source }: Sweep, state: LensState): boolean {
  return image.key === state.image?.key && source === state.model.inUse;
}

/** What is another one now than when the sweep began; null when its runs are those that would be made again. */
export function outdatedBy(sweep: Sweep, state: LensState): 'image' | 'model' | 'settings' | null {
  if (sweep.image.key !== state.image?.key) return 'image';
  if (sweep.source !== state.model.inUse) return 'model';
  const { settings, kind } = sweep;
  const now = state.settings;
  const same =
    settings.seed === now.seed &&
    settings.generator === now.generator &&
    settings.strategy === now.strategy &&
    settings.painted === now.painted &&
    (kind === 'ratios' || settings.ratio === now.ratio);
  return same ? null : 'settings';
}
