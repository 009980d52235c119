/** The ways to change a mask: each is a step that can be undone, and some steps go on until the hand rests. */

import { NOTHING_PAINTED, type Paint, type Painted, ratioForKeep } from '../../mae/manual-mask.ts';
import { lenKeep, randomMasking } from '../../mae/masking.ts';
import { invert, paintAll } from '../../mae/patch-cells.ts';
import { findStrategy, type StrategyId } from '../../mae/strategies/strategies.ts';
import { commitMask, type MaskState, sameMaskSettings } from './mask-state.ts';
import type { Masking } from './masking.ts';
import { DEFAULT_SETTINGS, type MaskSettings, maskSettings, noiseOf } from './settings.ts';
import { amend, type History, redo, undo } from './undo.ts';

export interface MaskEditor {
  /** Goes on until `endStep`. What is painted stays, as far as the ratio allows. */
  setRatio(ratio: number): void;
  /** The strategy's own mask: what was painted gives way. */
  setStrategy(strategy: StrategyId): void;
  /** These patches painted, in place of those that were; goes on until `endStep`. */
  paint(painted: Painted): void;
  paintEverything(paint: Paint): void;
  invertMask(): void;
  /** Takes the paint off, and goes back to the ratio that was last asked for. */
  clearPaint(): void;
  /** The hand rests: what comes next is a step of its own. */
  endStep(): void;
  /** Takes back the step that goes on, as if it had never begun. */
  cancelStep(): void;
  undo(): void;
  redo(): void;
}

interface MaskEditorOptions {
  readonly get: () => MaskState;
  /** Puts the history's present to use. Throws when no mask can be made of it; then nothing has changed. */
  readonly put: (history: History<MaskSettings>, keepDraft: boolean) => void;
}

type Step = 'ratio' | 'seed' | 'paint';

export function createMaskEditor({ get, put }: MaskEditorOptions): MaskEditor & {
  /** Seed and generator; goes on until `endStep` while the seed is typed. */
  setNoise(noise: Pick<MaskSettings, 'seed' | 'generator'>, typed: boolean): void;
} {
  /** The step that goes on, with the state in which it began; and the history as the step left it. */
  let open: {
    readonly step: Step;
    readonly settings: MaskSettings;
    readonly masking: Masking;
    readonly history: History<MaskSettings>;
  } | null = null;
  let reached: History<MaskSettings> | null = null;

  /** A link or another model's grid may have changed the history meanwhile: that ends the step. */
  function ongoing(): typeof open {
    return get().history === reached ? open : null;
  }

  function begin(step: Step) {
    const { settings, masking, history } = get();
    const before = ongoing();
    return before?.step === step ? before : { step, settings: maskSettings(settings), masking, history };
  }

  function change(next: MaskSettings, step: ReturnType<typeof begin> | null, keepDraft = false): void {
    const { history } = get();
    const same = sameMaskSettings(next, history.present);
    const goesOn = step !== null && step === open;
    put(goesOn ? amend(history, same ? history.present : next) : commitMask(history, next), keepDraft);
    open = same && !goesOn ? null : step;
    reached = get().history;
  }

  /** Random masking's ratio follows the brush. */
  function painting(from: MaskSettings, { mask, patches }: Masking, painted: Painted): MaskSettings {
    if (from.strategy !== 'random') return { ...from, painted };
    let kept = 0;
    for (let cell = 0; cell < patches; cell++) {
      const paint = painted.get(cell);
      if (paint === undefined ? mask[cell] === 0 : paint === 'kept') kept += 1;
    }
    return { ...from, painted, ratio: ratioForKeep(patches, kept) };
  }

  function paintOnce(painted: Painted): void {
    const { settings, masking } = get();
    change(painting(maskSettings(settings), masking, painted), null);
  }

  return {
    setRatio(ratio) {
      const step = begin('ratio');
      const { settings, masking } = step;
      const painted = paintForRatio(settings, masking.patches, ratio);
      change({ ...settings, ratio, painted }, step, true);
    },
    setNoise(noise, typed) {
      const step = typed ? begin('seed') : null;
      const { settings, masking } = get();
      const painted = unlessAll(settings.painted, masking.patches);
      change({ ...maskSettings(settings), ...noise, painted }, step);
    },
    setStrategy(strategy) {
      const { settings, history } = get();
      const ratio = askedRatio(history);
      change({ ...maskSettings(settings), strategy, ratio, painted: NOTHING_PAINTED }, null);
    },
    paint(painted) {
      const step = begin('paint');
      change(painting(step.settings, step.masking, painted), step);
    },
    paintEverything(paint) {
      paintOnce(paintAll(get().masking.patches, paint));
    },
    invertMask() {
      paintOnce(invert(get().masking.mask));
    },
    clearPaint() {
      const { settings, history } = get();
      if (settings.painted.size === 0) return;
      change({ ...maskSettings(settings), painted: NOTHING_PAINTED, ratio: askedRatio(history) }, null);
    },
    endStep() {
      open = null;
    },
    cancelStep() {
      const step = ongoing();
      open = null;
      if (step !== null) put(step.history, true);
    },
    undo() {
      open = null;
      put(undo(get().history), false);
    },
    redo() {
      open = null;
      put(redo(get().history), false);
    },
  };
}

/** The ratio that was last asked for, before the brush moved it. */
function askedRatio({ past, present }: History<MaskSettings>): number {
  const steps = [...past, present];
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i] as MaskSettings;
    const before = steps[i - 1];
    const brushed =
      step.strategy === 'random' &&
      step.painted.size > 0 &&
      (step.painted !== before?.painted || step.ratio === before.ratio);
    if (!brushed) return step.ratio;
  }
  return DEFAULT_SETTINGS.ratio;
}

/** Where everything is painted, nothing else could have an effect, so all the paint gives way. */
function unlessAll(painted: Painted, patches: number): Painted {
  return painted.size === patches ? NOTHING_PAINTED : painted;
}

/** The painted patches, less those that keep the ratio from being met: the ones that random masking would turn first. */
function paintForRatio(settings: MaskSettings, patches: number, ratio: number): Painted {
  const { painted, strategy, seed, generator } = settings;
  if (painted.size === 0) return painted;
  if (strategy !== 'random') {
    return findStrategy(strategy)?.usesRatio === true ? unlessAll(painted, patches) : painted;
  }
  const keep = lenKeep(patches, ratio);
  const order = Array.from(randomMasking(noiseOf(seed, generator, patches), 0).idsShuffle);
  const as = (paint: Paint) => order.filter((cell) => painted.get(cell) === paint);
  const visible = as('kept');
  const masked = as('masked');
  const released = [
    ...visible.slice(Math.min(keep, visible.length)),
    ...masked.slice(0, Math.max(0, keep - (patches - masked.length))),
  ];
  if (released.length === 0) return painted;
  const left = new Map(painted);
  for (const cell of released) left.delete(cell);
  return left.size === 0 ? NOTHING_PAINTED : left;
}
