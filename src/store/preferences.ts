/** The few choices that outlive a visit. A browser may refuse to keep them; the page works all the same. */
import type { DeviceChoice, DtypeChoice } from '../runtime/device/choice.ts';

export type Theme = 'system' | 'light' | 'dark';

export interface Preferences {
  readonly theme: Theme;
  readonly device: DeviceChoice;
  readonly dtype: DtypeChoice;
  /** What was measured in this browser, as agreement-records.ts writes it; empty for nothing. */
  readonly agreement: string;
  readonly shortcuts: boolean;
  /** The hub's address as it was set; empty for the hub itself. */
  readonly hub: string;
}

const KEYS = {
  theme: 'mae-lens:theme',
  device: 'mae-lens:device',
  dtype: 'mae-lens:dtype',
  agreement: 'mae-lens:agreement',
  shortcuts: 'mae-lens:shortcuts',
  hub: 'mae-lens:hub',
} as const;

export type PreferenceStorage = Pick<Storage, 'getItem' | 'setItem'>;

export function readPreferences(storage: PreferenceStorage | null): Preferences {
  return {
    theme: oneOf(['system', 'light', 'dark'] as const, read(storage, KEYS.theme), 'system'),
    device: oneOf(['auto', 'webgpu', 'wasm'] as const, read(storage, KEYS.device), 'auto'),
    dtype: oneOf(['auto', 'fp32', 'fp16', 'q8'] as const, read(storage, KEYS.dtype), 'auto'),
    agreement: read(storage, KEYS.agreement) ?? '',
    shortcuts: read(storage, KEYS.shortcuts) !== 'off',
    hub: read(storage, KEYS.hub) ?? '',
  };
}

export function writePreference(
  storage: PreferenceStorage | null,
  key: keyof typeof KEYS,
  value: string,
): void {
  try {
    storage?.setItem(KEYS[key], value);
  } catch {
    // Private windows and full disks refuse; the choice then holds for this visit.
  }
}

/** The browser's storage, or null where even touching it is refused. */
export function browserStorage(): PreferenceStorage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function read(storage: PreferenceStorage | null, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

function oneOf<T extends string>(known: readonly T[], value: string | null, otherwise: T): T {
  return known.find((candidate) => candidate === value) ?? otherwise;
}
