/** A message where the action was; it lies over the page, so that nothing moves. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { noticeText, type Place } from '../../store/notices/notice-state.ts';
import button from '../Button/Button.module.css';
import { useLens, useLensState, useWords } from '../lens-context.tsx';
import styles from './NoticeCard.module.css';

export function NoticeCard(props: {
  readonly kind: 'error' | 'note';
  readonly onDismiss: () => void;
  readonly children: ReactNode;
}) {
  const { kind, onDismiss, children } = props;
  const { page } = useWords();
  return (
    <div className={styles.card} data-kind={kind} role={kind === 'error' ? 'alert' : 'status'}>
      <div className={styles.text}>{children}</div>
      <button type="button" className={styles.dismiss} onClick={onDismiss} aria-label={page.dismiss}>
        <X aria-hidden size={16} />
      </button>
    </div>
  );
}

/** Nothing is downloaded by it: the list of models first says what it takes. */
function ModelOffer({ name }: { readonly name: string }) {
  const lens = useLens();
  const { page } = useWords();
  const look = (): void => {
    lens.dismissNotice();
    lens.models.setOpen(true);
    lens.models.lookUp(name);
  };
  return (
    <button type="button" className={`${button.button} ${styles.offer}`} onClick={look}>
      {page.lookUpModel({ model: name })}
    </button>
  );
}

/** The newest notice, when it belongs to this place. */
export function PlacedNotice({ place }: { readonly place: Place }) {
  const lens = useLens();
  const words = useWords();
  const notice = useLensState((state) => state.notice);
  if (notice?.place !== place) return null;
  return (
    <NoticeCard key={notice.key} kind={notice.kind} onDismiss={lens.dismissNotice}>
      {noticeText(notice, words)}
      {notice.model !== undefined && <ModelOffer name={notice.model} />}
    </NoticeCard>
  );
}
