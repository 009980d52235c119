/** Tells screen readers what was looked up and what a download had to do. Phases and results are the Announcer's. */
import { useLensState, useWords } from '../lens-context.tsx';
import { useModels } from './use-models.ts';

export function ModelSteps() {
  const { plan: words } = useWords().models;
  const inquiry = useModels((state) => state.inquiry);
  const note = useLensState(({ model: { phase } }) => (phase.phase === 'loading' ? (phase.note ?? '') : ''));
  let said = note;
  if (inquiry !== null) {
    const { plan, source } = inquiry;
    said =
      plan === null
        ? words.toldLookingUp(source)
        : words.toldFound({ title: plan.title, bytes: plan.remainingBytes });
  }
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  );
}
