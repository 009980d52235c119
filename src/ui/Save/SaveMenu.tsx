/** What can be taken along: the figure, single panels, the numbers; behind SaveButton. */
import { Menu } from '@base-ui/react/menu';
import { Braces, ClipboardCopy, Code, Image, Images } from 'lucide-react';
import type { ReactNode } from 'react';
import { toLensError } from '../../base/errors.ts';
import { FIGURE_TITLES, INTERPOLATION_TITLE, type PanelTitle } from '../../share/figure-layout.ts';
import { numbersFrom, panelsOf } from '../../share/from-state.ts';
import { fileName } from '../../share/images.ts';
import { numbersJson } from '../../share/numbers.ts';
import { copyPng, download, figurePng, panelPng } from '../../share/save.ts';
import type { Lens } from '../../store/lens.ts';
import { embedCode } from '../../store/link/address.ts';
import type { Message } from '../../store/notices/message.ts';
import { comparableInterpolation } from '../../store/result/interpolation.ts';
import { shownResult } from '../../store/state.ts';
import { useLens, useLensState } from '../lens-context.tsx';
import { changeBy } from '../Popup/dismissal.ts';
import type { PopupProps } from '../Popup/PopupButton.tsx';
import popup from '../Popup/PopupPanel.module.css';
import styles from './SaveMenu.module.css';

export function SaveMenu(props: PopupProps) {
  const lens = useLens();
  const painted = useLensState((state) => shownResult(state) !== null);
  const beside = useLensState((state) => state.view.interpolation);
  const interpolated = useLensState((state) => comparableInterpolation(state) !== null);
  const live = useLensState((state) => (shownResult(state)?.patchErrors ?? null) !== null);
  return (
    <Menu.Root open={props.open} onOpenChange={changeBy(props)}>
      <Menu.Portal>
        <Menu.Positioner
          anchor={props.anchor}
          side="top"
          align="end"
          sideOffset={8}
          collisionPadding={12}
          className={popup.positioner}
        >
          <Menu.Popup
            id={props.id}
            className={`${popup.panel} ${popup.scrolls} ${styles.popup}`}
            finalFocus={props.anchor}
          >
            <Item icon={<Images />} off={!painted} onClick={() => void saveFigure(lens)}>
              The figure, as PNG
            </Item>
            <Item icon={<ClipboardCopy />} off={!painted} onClick={() => void copyFigure(lens)}>
              Copy the figure
            </Item>
            <Menu.Group>
              <Menu.GroupLabel className={styles.label}>One panel, as PNG</Menu.GroupLabel>
              {FIGURE_TITLES.map((title) => (
                <Item key={title} icon={<Image />} off={!painted} onClick={() => void savePanel(lens, title)}>
                  {title}
                </Item>
              ))}
              {beside && (
                <Item
                  icon={<Image />}
                  off={!interpolated}
                  onClick={() => void savePanel(lens, INTERPOLATION_TITLE)}
                >
                  {INTERPOLATION_TITLE}
                </Item>
              )}
            </Menu.Group>
            <Menu.Group>
              <Menu.GroupLabel className={styles.label}>For others</Menu.GroupLabel>
              <Item icon={<Braces />} off={!live} onClick={() => saveNumbers(lens)}>
                The numbers, as JSON
              </Item>
              <Item icon={<Code />} off={false} onClick={() => void copyEmbedCode(lens)}>
                Copy HTML to embed this
              </Item>
            </Menu.Group>
            {!live && (
              <p className={styles.why}>
                {painted
                  ? 'The numbers come with the live model’s result.'
                  : 'There is something to save when the model has painted.'}
              </p>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Item(props: {
  readonly icon: ReactNode;
  readonly off: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  const { icon, off, onClick, children } = props;
  return (
    <Menu.Item className={styles.item} disabled={off} onClick={onClick}>
      {icon}
      {children}
    </Menu.Item>
  );
}

/** Does it, and tells what went wrong or, where nothing else shows it, that it is done. */
async function attempt(lens: Lens, work: () => Promise<void> | void, done?: Message): Promise<void> {
  try {
    await work();
    if (done !== undefined) lens.tell('note', done, 'tools');
  } catch (error) {
    lens.tell('error', toLensError(error, 'engine-failed', 'This did not work.'), 'tools');
  }
}

function imageName(lens: Lens): string {
  return lens.store.getState().image?.name ?? 'image';
}

function saveFigure(lens: Lens): Promise<void> {
  return attempt(lens, async () => {
    const panels = panelsOf(lens.store.getState());
    if (panels !== null) download(await figurePng(panels), fileName(imageName(lens), 'figure', 'png'));
  });
}

function copyFigure(lens: Lens): Promise<void> {
  const panels = panelsOf(lens.store.getState());
  if (panels === null) return Promise.resolve();
  return attempt(lens, () => copyPng(figurePng(panels)), { key: 'figure-copied' });
}

function savePanel(lens: Lens, title: PanelTitle): Promise<void> {
  return attempt(lens, async () => {
    const panel = panelsOf(lens.store.getState())?.find((candidate) => candidate.title === title);
    if (panel !== undefined) download(await panelPng(panel), fileName(imageName(lens), title, 'png'));
  });
}

function saveNumbers(lens: Lens): void {
  const numbers = numbersFrom(lens.store.getState());
  if (numbers === null) return;
  const json = new Blob([numbersJson(numbers)], { type: 'application/json' });
  download(json, fileName(imageName(lens), 'numbers', 'json'));
}

function copyEmbedCode(lens: Lens): Promise<void> {
  return attempt(
    lens,
    () => navigator.clipboard.writeText(embedCode(lens.store.getState(), window.location.href)),
    { key: 'embed-code-copied' },
  );
}
