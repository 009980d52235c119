/** What the model runs on and computes in, and why. */
import { ChevronDown, Cpu } from 'lucide-react';
import { useState } from 'react';
import { reasonText } from '../../base/reason.ts';
import { en } from '../../locales/en.ts';
import { part } from '../LazyPart/lazy-part.ts';
import { useLensState } from '../lens-context.tsx';
import { PopupButton } from '../Popup/PopupButton.tsx';
import { deviceLabel, obstacleText } from '../words.ts';
import styles from './Header.module.css';

export const deviceMenu = part(async () => (await import('./DeviceMenu.tsx')).DeviceMenu);

export function DeviceButton() {
  const [open, setOpen] = useState(false);
  const report = useLensState((state) => state.model.info?.device ?? null);
  const obstacle = useLensState((state) => obstacleText(state.model));
  const label = report === null ? 'Device' : deviceLabel(report);
  return (
    <PopupButton
      popup={deviceMenu}
      kind="dialog"
      open={open}
      onOpenChange={setOpen}
      place="stage"
      tip={`What the model runs on and computes in. Everything is computed on this device. ${report?.reason === undefined ? '' : reasonText(report.reason, en)} ${obstacle ?? ''}`}
      tipSide="bottom"
      className={styles.trigger}
      label={`Device: ${report === null ? 'not known yet' : label}`}
    >
      <Cpu aria-hidden size={16} strokeWidth={1.75} />
      <span className={styles.device}>{label}</span>
      {(report?.reason !== undefined || obstacle !== null) && <span className={styles.dot} aria-hidden />}
      <ChevronDown aria-hidden size={14} />
    </PopupButton>
  );
}
