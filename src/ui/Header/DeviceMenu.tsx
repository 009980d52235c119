/** The choice of device and precision, and why they are these; behind DeviceButton. */
import { Popover } from '@base-ui/react/popover';
import { useId } from 'react';
import type { DeviceChoice } from '../../runtime/engine.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import { changeBy } from '../Popup/dismissal.ts';
import type { PopupProps } from '../Popup/PopupButton.tsx';
import { Fidelity } from './Fidelity.tsx';
import styles from './Header.module.css';
import { PrecisionChoices } from './PrecisionChoices.tsx';

const CHOICES: readonly { readonly device: DeviceChoice; readonly name: string; readonly words: string }[] = [
  { device: 'auto', name: 'Auto', words: 'WebGPU where it works, WebAssembly elsewhere.' },
  { device: 'webgpu', name: 'WebGPU', words: 'The graphics processor: usually the fastest.' },
  { device: 'wasm', name: 'WebAssembly', words: 'The processor: works in every browser.' },
];

export function DeviceMenu(props: PopupProps) {
  const lens = useLens();
  const name = useId();
  const wanted = useLensState((state) => state.model.wantedDevice);
  const report = useLensState((state) => state.model.info?.device ?? null);
  return (
    <Popover.Root open={props.open} onOpenChange={changeBy(props)}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={props.anchor}
          side="bottom"
          align="end"
          sideOffset={6}
          collisionPadding={12}
          // Always below its name: it scrolls rather than moving aside when it grows.
          collisionAvoidance={{ side: 'none', align: 'shift', fallbackAxisSide: 'none' }}
          className={styles.positioner}
        >
          <Popover.Popup id={props.id} className={`${styles.popup} ${styles.wide}`} finalFocus={props.anchor}>
            <div className={styles.columns}>
              <section className={styles.column}>
                <Popover.Title className={styles.popupTitle}>Device</Popover.Title>
                <div role="radiogroup" aria-label="Device" className={styles.choices}>
                  {CHOICES.map((choice) => (
                    <label key={choice.device} className={styles.choice}>
                      <input
                        type="radio"
                        name={name}
                        checked={choice.device === wanted}
                        onChange={() => lens.setDevice(choice.device)}
                      />
                      <span>
                        <strong>{choice.name}</strong>
                        <span className={styles.words}>{choice.words}</span>
                      </span>
                    </label>
                  ))}
                </div>
                {report !== null && (
                  <p className={styles.running}>
                    Running on {report.label}.{report.reason !== undefined && <> {report.reason}</>}
                  </p>
                )}
              </section>
              <PrecisionChoices />
            </div>
            <Fidelity />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
