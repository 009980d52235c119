/** What the model runs on and computes in, and why. */
import { ChevronDown, Cpu } from 'lucide-react';
import { useState } from 'react';
import { reasonText } from '../../base/reason.ts';
import { deviceLabel, obstacleText } from '../device-label.ts';
import { lazyPart } from '../LazyPart/lazy-part.ts';
import { useLensState, useLensWords, useWords } from '../lens-context.tsx';
import { PopupButton } from '../Popup/PopupButton.tsx';
import styles from './Header.module.css';

export const deviceMenu = lazyPart(async () => (await import('./DeviceMenu.tsx')).DeviceMenu);

export function DeviceButton() {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const report = useLensState((state) => state.model.info?.device ?? null);
  const obstacle = useLensWords(obstacleText);
  const reasons = [
    ...(report?.reason === undefined ? [] : [reasonText(report.reason, words)]),
    ...(obstacle === null ? [] : [obstacle]),
  ];
  const label = report === null ? null : deviceLabel(report, words);
  return (
    <PopupButton
      popup={deviceMenu}
      kind="dialog"
      open={open}
      onOpenChange={setOpen}
      place="stage"
      tip={words.device.tip({ reasons })}
      tipSide="bottom"
      className={styles.trigger}
      label={label === null ? words.device.buttonNotKnown : words.device.button({ device: label })}
    >
      <Cpu aria-hidden size={16} strokeWidth={1.75} />
      <span className={styles.device}>{label ?? words.device.title}</span>
      {reasons.length > 0 && <span className={styles.dot} aria-hidden />}
      <ChevronDown aria-hidden size={14} />
    </PopupButton>
  );
}
