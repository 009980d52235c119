/** The page's name, its model and device, theme and help. */
import { Moon, Sun, SunMoon } from 'lucide-react';
import type { CSSProperties } from 'react';
import { openHelp, switchTheme } from '../../actions/all.ts';
import type { Theme } from '../../store/preferences.ts';
import { ActionButton } from '../Button/ActionButton.tsx';
import { useLensState, useWords } from '../lens-context.tsx';
import { phaseProgress } from '../model-phase.ts';
import { DeviceButton } from './DeviceButton.tsx';
import styles from './Header.module.css';
import { ModelFailure } from './ModelFailure.tsx';
import { ModelMenu } from './ModelMenu.tsx';
import { SlowDriver } from './SlowDriver.tsx';

const THEME_ICONS: Readonly<Record<Theme, typeof Sun>> = { system: SunMoon, light: Sun, dark: Moon };

export function Header() {
  const theme = useLensState((state) => state.view.theme);
  const { page } = useWords();
  const icon = THEME_ICONS[theme];
  return (
    <header className={styles.header}>
      <h1 className={styles.name}>{page.name}</h1>
      <ModelMenu />
      <div className={styles.end}>
        <DeviceButton />
        <ActionButton
          action={{ ...switchTheme, icon }}
          look="icon"
          label={page.themes[theme]}
          tipSide="bottom"
        />
        <ActionButton action={openHelp} look="icon" tipSide="bottom" />
      </div>
      <Progress />
      <ModelFailure />
      <SlowDriver />
    </header>
  );
}

/** A hairline that fills while the model loads; the words stand beside it. */
function Progress() {
  const progress = useLensState((state) => phaseProgress(state.model.phase));
  const busy = useLensState((state) => !['idle', 'ready', 'failed'].includes(state.model.phase.phase));
  if (!busy) return null;
  return (
    <div className={styles.progress} data-unknown={progress === null} aria-hidden>
      <span style={{ '--done': progress ?? 0.3 } as CSSProperties} />
    </div>
  );
}
