import type { LensError } from '../../base/errors.ts';
import type { ModelInfo, ModelPhase, ModelSource } from '../../engine/engine.ts';
import type { DeviceChoice, DtypeChoice } from '../../runtime/device/choice.ts';
import type { Preferences } from '../preferences.ts';
import type { AgreementState } from './agreement-records.ts';

/** Why a model could not be loaded. */
export interface ModelFailure {
  readonly source: ModelSource;
  readonly error: LensError;
}

export interface ModelState {
  readonly model: {
    /** Of the model that is being loaded, else of the one in use. */
    readonly source: ModelSource;
    readonly wantedDevice: DeviceChoice;
    readonly wantedDtype: DtypeChoice;
    readonly phase: ModelPhase | { readonly phase: 'idle' };
    /** The model in use: the last good one, whatever `phase` says about the next. */
    readonly info: ModelInfo | null;
    /** Where that one came from. */
    readonly inUse: ModelSource | null;
    /** Why the last attempt failed, until there is another one or the visitor has read it. */
    readonly failure: ModelFailure | null;
  };
  readonly agreement: AgreementState;
}

export function startModel(
  source: ModelSource,
  { device, dtype }: Pick<Preferences, 'device' | 'dtype'>,
): ModelState['model'] {
  return {
    source,
    wantedDevice: device,
    wantedDtype: dtype,
    phase: { phase: 'idle' },
    info: null,
    inUse: null,
    failure: null,
  };
}
