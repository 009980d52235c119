/** Said before a model is loaded that may be too much for WebAssembly. */
import { CLOSE_ENOUGH } from '../../runtime/device/dtype.ts';
import type { LensState } from '../../store/state.ts';
import { useLensState, useWords } from '../lens-context.tsx';
import styles from './Models.module.css';

/** WebAssembly has 4 GB for everything, and a phone's browser much less. */
const HEAVY = 1e9;

/** int8's bytes for each float32's. */
const INT8_SHARE = 1 / 4;

export function WasmWarning({ name, weights }: { readonly name: string; readonly weights: number | null }) {
  const { heavy } = useWords().models;
  const onWasm = useLensState(
    ({ model }) => model.wantedDevice === 'wasm' || model.info?.device.kind === 'wasm',
  );
  const inInt8 = useLensState((state) => takesInt8(state, name));
  if (!onWasm || weights === null || weights < HEAVY) return null;
  return (
    <p className={styles.warning}>
      {inInt8 ? heavy.int8({ bytes: weights * INT8_SHARE }) : heavy.float32({ bytes: weights })}
    </p>
  );
}

/** By hand, or automatically because int8 was found close enough with a model of this name. */
function takesInt8({ model: { wantedDtype }, agreement }: LensState, name: string): boolean {
  if (wantedDtype !== 'auto') return wantedDtype === 'q8';
  const known = agreement.records.filter((record) => record.model === name && record.dtype === 'q8');
  return known.length > 0 && known.every(({ lowestPsnr }) => lowestPsnr >= CLOSE_ENOUGH);
}
