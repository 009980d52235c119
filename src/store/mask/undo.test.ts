import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amend, commit, type History, redo, startHistory, undo } from './undo.ts';

test('steps go back and forward', () => {
  const c = commit(commit(startHistory('a'), 'b'), 'c');
  expect(undo(c).present).toBe('b');
  expect(undo(undo(undo(c))).present).toBe('a');
  expect(redo(undo(c))).toEqual(c);
  expect(redo(c)).toBe(c);
  expect(undo(startHistory('a')).present).toBe('a');
});

test('a new step ends what was undone', () => {
  const d = commit(undo(commit(startHistory('a'), 'b')), 'd');
  expect(redo(d)).toBe(d);
  expect(undo(d).present).toBe('a');
});

test('amending is no step of its own', () => {
  const drag = amend(amend(commit(startHistory(0), 1), 2), 3);
  expect(drag.present).toBe(3);
  expect(undo(drag).present).toBe(0);
  expect(redo(undo(drag)).present).toBe(3);
});

test('the same value is no step', () => {
  const a = startHistory('a');
  expect(commit(a, 'a')).toBe(a);
  expect(amend(a, 'a')).toBe(a);
});

test('old steps are forgotten', () => {
  let history: History<number> = startHistory(0);
  for (let i = 1; i <= 1000; i++) history = commit(history, i);
  expect(history.past.length).toBe(200);
  for (let i = 0; i < 1000; i++) history = undo(history);
  expect(history.present).toBe(800);
});

test('undoing all steps and redoing them leads to where one was', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 50 }), (values) => {
      const end = values.reduce(commit, startHistory(0));
      let history = end;
      for (let i = 0; i < 60; i++) history = undo(history);
      expect(history.present).toBe(0);
      for (let i = 0; i < 60; i++) history = redo(history);
      expect(history).toEqual(end);
    }),
  );
});
