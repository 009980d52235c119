/** Said before a model is loaded that may be too much for WebAssembly. */
import { CLOSE_ENOUGH } from '../../runtime/device/dtype.ts';
import type { LensState } from '../../store/state.ts';
import { useLensState } from '../lens-context.tsx';
import { size } from '../words.ts';
import styles from './Models.module.css';

/** WebAssembly has 4 GB for everything, and a phone's browser much less. */
const HEAVY = 1e9;

/** int8's bytes for each float32's. */
const INT8_SHARE = 1 / 4;

export function WasmWarning({ name, weights }: { readonly name: string; readonly weights: number | null }) {
  const onWasm = useLensState(
    ({ model }) => model.wantedDevice === 'wasm' || model.info?.device.kind === 'wasm',
  );
  const inInt8 = useLensState((state) => takesInt8(state, name));
  if (!onWasm || weights === null || weights < HEAVY) return null;
  return (
    <p className={styles.warning}>
      On WebAssembly, which this page runs on here, it needs {size(inInt8 ? weights * INT8_SHARE : weights)}{' '}
      of memory{inInt8 && ', in int8,'} and a lot of time for each image.
      {!inInt8 && ' In int8, a choice in the device menu, both are less.'}
    </p>
  );
}

/** By hand, or automatically because int8 was found close enough with a model of this name. */
function takesInt8({ model: { wantedDtype }, agreement }: LensState, name: string): boolean {
  if (wantedDtype !== 'auto') return wantedDtype === 'q8';
  const known = agreement.records.filter((record) => record.model === name && record.dtype === 'q8');
  return known.length > 0 && known.every(({ lowestPsnr }) => lowestPsnr >= CLOSE_ENOUGH);
}
