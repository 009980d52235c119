/** What the model runs on and computes in, and why. */
import { Popover } from '@base-ui/react/popover';
import { ChevronDown, Cpu } from 'lucide-react';
import { useId } from 'react';
import type { DeviceChoice } from '../../runtime/engine.ts';
import { precisionObstacle } from '../../store/fidelity.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import { Tip } from '../Tip/Tip.tsx';
import { deviceLabel } from '../words.ts';
import { Fidelity } from './Fidelity.tsx';
import styles from './Header.module.css';
import { PrecisionChoices } from './PrecisionChoices.tsx';

const CHOICES: readonly { readonly device: DeviceChoice; readonly name: string; readonly words: string }[] = [
  { device: 'auto', name: 'Auto', words: 'WebGPU where it works, WebAssembly elsewhere.' },
  { device: 'webgpu', name: 'WebGPU', words: 'The graphics processor: usually the fastest.' },
  { device: 'wasm', name: 'WebAssembly', words: 'The processor: works in every browser.' },
];

export function DeviceMenu() {
  const lens = useLens();
  const name = useId();
  const wanted = useLensState((state) => state.model.wantedDevice);
  const report = useLensState((state) => state.model.info?.device ?? null);
  const obstacle = useLensState((state) => precisionObstacle(state.model));
  const label = report === null ? 'Device' : deviceLabel(report);
  return (
    <Popover.Root>
      <Tip
        text={`What the model runs on and computes in. Everything is computed on this device. ${report?.reason ?? ''} ${obstacle ?? ''}`}
        side="bottom"
      >
        <Popover.Trigger
          className={styles.trigger}
          aria-label={`Device: ${report === null ? 'not known yet' : label}`}
        >
          <Cpu aria-hidden size={16} strokeWidth={1.75} />
          <span className={styles.device}>{label}</span>
          {(report?.reason !== undefined || obstacle !== null) && <span className={styles.dot} aria-hidden />}
          <ChevronDown aria-hidden size={14} />
        </Popover.Trigger>
      </Tip>
      <Popover.Portal>
        <Popover.Positioner
          side="bottom"
          align="end"
          sideOffset={6}
          collisionPadding={12}
          // Always below its name: it scrolls rather than moving aside when it grows.
          collisionAvoidance={{ side: 'none', align: 'shift', fallbackAxisSide: 'none' }}
          className={styles.positioner}
        >
          <Popover.Popup className={`${styles.popup} ${styles.wide}`}>
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
