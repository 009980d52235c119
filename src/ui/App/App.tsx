/** The page, put together. */
import '@fontsource-variable/inter/index.css';
import '../theme.css';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { allActions } from '../../actions/all.ts';
import { listenForShortcuts } from '../../actions/shortcuts.ts';
import { en } from '../../locales/en.ts';
import type { Words } from '../../locales/words.ts';
import type { Lens } from '../../store/lens.ts';
import { Announcer } from '../Announcer/Announcer.tsx';
import { Controls } from '../Controls/Controls.tsx';
import { DropLayer } from '../Drop/DropLayer.tsx';
import { Facts } from '../Facts/Facts.tsx';
import { UnlessHidden } from '../Frame/UnlessHidden.tsx';
import { WholePage } from '../Frame/WholePage.tsx';
import { Header } from '../Header/Header.tsx';
import { LensProvider, useLensState } from '../lens-context.tsx';
import { Samples } from '../Samples/Samples.tsx';
import { Stage } from '../Stage/Stage.tsx';
import { SweepDock } from '../Sweep/SweepDock.tsx';
import { Tools } from '../Tools/Tools.tsx';
import styles from './App.module.css';
import { Dialogs } from './Dialogs.tsx';
import { loadLazyPartsWhenIdle } from './lazy-parts.ts';
import { useMaskColor } from './mask-color.ts';

export function App({ lens, words = en }: { readonly lens: Lens; readonly words?: Words }) {
  const chooser = useRef<HTMLInputElement>(null);
  const chooseFile = useCallback(() => chooser.current?.click(), []);
  useShortcuts(lens, chooseFile, words);
  useLanguage(words);
  useTheme(lens);
  useMaskColor(lens);
  useEffect(() => loadLazyPartsWhenIdle(lens), [lens]);

  return (
    <LensProvider lens={lens} chooseFile={chooseFile} words={words}>
      <DropLayer>
        <UnlessHidden name="header">
          <Header />
        </UnlessHidden>
        <main className={styles.main}>
          <Column>
            <Stage />
            <Controls />
            <Tools />
            <UnlessHidden name="facts">
              <Facts />
            </UnlessHidden>
            <UnlessHidden name="samples">
              <Samples />
            </UnlessHidden>
            <WholePage />
          </Column>
        </main>
        <SweepDock />
        <input
          ref={chooser}
          type="file"
          accept="image/*"
          hidden
          aria-label={words.page.chooseImage}
          onChange={(event) => {
            const input = event.currentTarget;
            void lens.openFiles([...(input.files ?? [])], 'samples');
            // So that the same file can be chosen again after it was mended.
            input.value = '';
          }}
        />
        <Announcer />
        <Dialogs />
      </DropLayer>
    </LensProvider>
  );
}

/** Everything beneath the images is as wide as their row. */
function Column({ children }: { readonly children: ReactNode }) {
  const interpolation = useLensState((state) => state.view.interpolation);
  return (
    <div className={styles.column} data-panels={interpolation ? 5 : 4}>
      {children}
    </div>
  );
}

function useShortcuts(lens: Lens, chooseFile: () => void, words: Words): void {
  useEffect(() => {
    const { samples } = lens.store.getState();
    return listenForShortcuts(allActions(samples), { lens, chooseFile, words }, (single) => {
      const { help, dialog, shortcuts } = lens.store.getState().view;
      return help || dialog !== null || (single && !shortcuts);
    });
  }, [lens, chooseFile, words]);
}

/** For screen readers and hyphenation. */
function useLanguage({ format }: Words): void {
  useEffect(() => {
    document.documentElement.lang = format.tag;
  }, [format]);
}

/** The chosen theme, on the root element; the system's, when none is chosen, is the style sheet's matter. */
function useTheme(lens: Lens): void {
  useEffect(() => {
    const apply = (): void => {
      const { theme } = lens.store.getState().view;
      if (theme === 'system') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
    };
    apply();
    return lens.store.subscribe(apply);
  }, [lens]);
}
