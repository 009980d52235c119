import type { LensError } from '../../base/errors.ts';
import type { Geometry } from '../../mae/geometry.ts';
import { NOTHING_PAINTED, type Painted } from '../../mae/manual-mask.ts';
import { DEFAULT_GEOMETRY, type Masking, maskFor } from './masking.ts';
import {
  DEFAULT_SETTINGS,
  type Generator,
  type MaskSettings,
  maskSettings,
  type Settings,
} from './settings.ts';
import { commit, type History, startHistory } from './undo.ts';

/** What the seed field and the generator say when no mask can be made of them. */
export interface Draft {
  readonly seed: string;
  readonly generator: Generator;
  readonly problem: LensError;
}

export interface MaskState {
  /** What was chosen; always such that a mask can be made of it. */
  readonly settings: Settings;
  /** What was chosen but cannot be used; the settings keep what was last good. */
  readonly draft: Draft | null;
  /** The steps behind and ahead of the settings, which are its present. */
  readonly history: History<MaskSettings>;
  /** Of `settings`, never behind them. */
  readonly masking: Masking;
}

type MaskOfHistory = Pick<MaskState, 'history' | 'settings' | 'masking'>;

export function startMask(): MaskState {
  return {
    settings: DEFAULT_SETTINGS,
    draft: null,
    history: startHistory(maskSettings(DEFAULT_SETTINGS)),
    masking: maskFor(DEFAULT_SETTINGS, DEFAULT_GEOMETRY),
  };
}

/**
 * The history's present put to use.
 * @throws LensError when no mask can be made of it
 */
export function maskOfHistory(
  history: History<MaskSettings>,
  { settings: before, masking }: Pick<MaskState, 'settings' | 'masking'>,
): MaskOfHistory {
  const settings = { ...history.present, sample: before.sample };
  return { history, settings, masking: maskFor(settings, masking.geometry) };
}

/** The settings on another grid: without the steps until now, and with nothing painted but what was painted for it. */
export function maskOnGrid(
  { settings: before }: Pick<MaskState, 'settings'>,
  geometry: Geometry,
  painted: Painted = NOTHING_PAINTED,
): MaskOfHistory {
  const settings = { ...before, painted };
  return { history: startHistory(maskSettings(settings)), settings, masking: maskFor(settings, geometry) };
}

/** A step to these settings; none where they are what the history has already. */
export function commitMask(history: History<MaskSettings>, next: MaskSettings): History<MaskSettings> {
  return sameMaskSettings(next, history.present) ? history : commit(history, next);
}

export function sameMaskSettings(a: MaskSettings, b: MaskSettings): boolean {
  return (
    a.ratio === b.ratio &&
    a.seed === b.seed &&
    a.generator === b.generator &&
    a.strategy === b.strategy &&
    a.painted === b.painted
  );
}
