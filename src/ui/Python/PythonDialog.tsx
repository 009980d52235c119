/** The same in Python: a script to read and to copy. */
import { Check, Copy } from 'lucide-react';
import { type Ref, useEffect, useRef, useState } from 'react';
import { pythonFrom } from '../../share/from-state.ts';
import button from '../Button/Button.module.css';
import { useActionContext, useLens, useLensState, useWords } from '../lens-context.tsx';
import { ModalDialog } from '../ModalDialog/ModalDialog.tsx';
import styles from './PythonDialog.module.css';

export function PythonDialog() {
  const lens = useLens();
  const words = useWords().share.python;
  const open = useLensState((state) => state.view.dialog === 'python');
  const copy = useRef<HTMLButtonElement>(null);
  return (
    <ModalDialog
      title={words.title}
      open={open}
      onOpenChange={(next) => lens.setDialog(next ? 'python' : null)}
      initialFocus={copy}
    >
      <Script copyRef={copy} />
    </ModalDialog>
  );
}

function Script({ copyRef }: { readonly copyRef: Ref<HTMLButtonElement> }) {
  const { lens, words } = useActionContext();
  const { python } = words.share;
  const [code] = useState(() => pythonFrom(lens.store.getState(), document.baseURI, words));
  const bundled = useLensState((state) => state.model.source.kind === 'url');
  const ownImage = useLensState((state) => state.settings.sample === null);
  if (code === null) {
    return <p className={styles.words}>{python.notReady}</p>;
  }
  return (
    <>
      <p className={styles.words}>
        {python.about}
        {bundled && ` ${python.bundled}`}
        {ownImage && ` ${python.ownImage}`}
      </p>
      <div className={styles.bar}>
        <CopyButton text={code} buttonRef={copyRef} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to scroll it. */}
      <section className={styles.code} tabIndex={0} aria-label={python.label}>
        <pre>
          <code>{code}</code>
        </pre>
      </section>
    </>
  );
}

const SAID_MS = 2500;

function CopyButton(props: { readonly text: string; readonly buttonRef: Ref<HTMLButtonElement> }) {
  const { text, buttonRef } = props;
  const words = useWords().share.python;
  const [said, setSaid] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = window.setTimeout(() => setSaid(null), SAID_MS);
    return () => window.clearTimeout(timer);
  }, [said]);
  const copy = (): void => {
    Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))).then(
      () => setSaid('copied'),
      () => setSaid('refused'),
    );
  };
  return (
    <>
      <button ref={buttonRef} type="button" className={`${button.button} ${button.solid}`} onClick={copy}>
        {said === 'copied' ? (
          <Check aria-hidden className={button.symbol} />
        ) : (
          <Copy aria-hidden className={button.symbol} />
        )}
        {words.copy}
      </button>
      <span role="status" className={styles.said}>
        {said === 'copied' && words.copied}
        {said === 'refused' && words.refused}
      </span>
    </>
  );
}
