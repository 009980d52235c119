/** What can be taken along: the figure, single panels, the numbers; behind SaveButton. */
import { Menu } from '@base-ui/react/menu';
import { Braces, ClipboardCopy, Code, Image, Images } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ActionContext } from '../../actions/action.ts';
import { toLensError } from '../../base/errors.ts';
import { FIGURE_PANELS, type PanelName } from '../../share/figure-layout.ts';
import { numbersFrom, panelsOf } from '../../share/from-state.ts';
import { fileName } from '../../share/images.ts';
import { numbersJson } from '../../share/numbers.ts';
import { copyPng, download, figurePng, panelPng } from '../../share/save.ts';
import type { Lens } from '../../store/lens.ts';
import { embedCode } from '../../store/link/address.ts';
import type { Message } from '../../store/notices/message.ts';
import { comparableInterpolation } from '../../store/result/interpolation.ts';
import { shownResult } from '../../store/state.ts';
import { useActionContext, useLensState } from '../lens-context.tsx';
import { changeBy } from '../Popup/dismissal.ts';
import type { PopupProps } from '../Popup/PopupButton.tsx';
import popup from '../Popup/PopupPanel.module.css';
import styles from './SaveMenu.module.css';

export function SaveMenu(props: PopupProps) {
  const context = useActionContext();
  const { share, stage } = context.words;
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
            <Item icon={<Images />} off={!painted} onClick={() => void saveFigure(context)}>
              {share.figure}
            </Item>
            <Item icon={<ClipboardCopy />} off={!painted} onClick={() => void copyFigure(context)}>
              {share.copyFigure}
            </Item>
            <Menu.Group>
              <Menu.GroupLabel className={styles.label}>{share.panels}</Menu.GroupLabel>
              {FIGURE_PANELS.map((name) => (
                <Item
                  key={name}
                  icon={<Image />}
                  off={!painted}
                  onClick={() => void savePanel(context, name)}
                >
                  {stage.titles[name]}
                </Item>
              ))}
              {beside && (
                <Item
                  icon={<Image />}
                  off={!interpolated}
                  onClick={() => void savePanel(context, 'interpolation')}
                >
                  {stage.titles.interpolation}
                </Item>
              )}
            </Menu.Group>
            <Menu.Group>
              <Menu.GroupLabel className={styles.label}>{share.others}</Menu.GroupLabel>
              <Item icon={<Braces />} off={!live} onClick={() => saveNumbers(context)}>
                {share.numbers}
              </Item>
              <Item icon={<Code />} off={false} onClick={() => void copyEmbedCode(context)}>
                {share.embed}
              </Item>
            </Menu.Group>
            {!live && <p className={styles.why}>{painted ? share.notLive : share.notPainted}</p>}
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
    lens.tell('error', toLensError(error, 'engine-failed/save'), 'tools');
  }
}

/** Of the image on the stage: what a file of it is called. */
function fileOf({ lens, words }: ActionContext, what: string, extension: string): string {
  const { image } = lens.store.getState();
  return fileName(image?.name ?? '', what, extension, words);
}

function saveFigure(context: ActionContext): Promise<void> {
  const { lens, words } = context;
  return attempt(lens, async () => {
    const panels = panelsOf(lens.store.getState());
    if (panels !== null)
      download(await figurePng(panels, words), fileOf(context, words.share.fileNames.figure, 'png'));
  });
}

function copyFigure({ lens, words }: ActionContext): Promise<void> {
  const panels = panelsOf(lens.store.getState());
  if (panels === null) return Promise.resolve();
  return attempt(lens, () => copyPng(figurePng(panels, words)), { key: 'figure-copied' });
}

function savePanel(context: ActionContext, name: PanelName): Promise<void> {
  const { lens, words } = context;
  return attempt(lens, async () => {
    const panel = panelsOf(lens.store.getState())?.find((candidate) => candidate.name === name);
    if (panel !== undefined)
      download(await panelPng(panel), fileOf(context, words.stage.titles[name], 'png'));
  });
}

function saveNumbers(context: ActionContext): void {
  const numbers = numbersFrom(context.lens.store.getState());
  if (numbers === null) return;
  const json = new Blob([numbersJson(numbers)], { type: 'application/json' });
  download(json, fileOf(context, context.words.share.fileNames.numbers, 'json'));
}

function copyEmbedCode({ lens }: ActionContext): Promise<void> {
  return attempt(
    lens,
    () => navigator.clipboard.writeText(embedCode(lens.store.getState(), window.location.href)),
    { key: 'embed-code-copied' },
  );
}
