/** Said before a model is loaded that may be too much for WebAssembly. */
import { useLensState } from '../lens-context.tsx';
import { size } from '../words.ts';
import styles from './Models.module.css';

/** WebAssembly has 4 GB for everything, and a phone's browser much less. */
const HEAVY = 1e9;

export function WasmWarning({ weights }: { readonly weights: number | null }) {
  const onWasm = useLensState(
    ({ model }) => model.wantedDevice === 'wasm' || model.info?.device.kind === 'wasm',
  );
  if (!onWasm || weights === null || weights < HEAVY) return null;
  return (
    <p className={styles.warning}>
      On WebAssembly, which this page runs on here, it needs {size(weights)} of memory and a lot of time for
      each picture.
    </p>
  );
}
