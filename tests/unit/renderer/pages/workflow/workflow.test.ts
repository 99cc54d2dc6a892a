import { expect, test } from 'vitest';
import type {
  WorkflowLane,
  WorkflowStep,
  WorkflowStepName,
  WorkflowWay,
} from '../../../../../main/contract/work/workflow';
import { chaptersOf } from '../../../../../renderer/pages/workflow/workflow';

const step = (name: WorkflowStepName, fromMs: number, toMs: number): WorkflowStep => ({
  ...{ name, facts: {}, fromMs, toMs, idle: name.startsWith('idle'), seen: 'call', evidence: [] },
});
const way = (lanes: Partial<Record<WorkflowLane, WorkflowStep[]>>): WorkflowWay => ({
  id: 'docker',
  target: 'container',
  tookMs: 100,
  lanes: Object.entries(lanes).map(([lane, steps]) => ({ lane: lane as WorkflowLane, steps })),
});
const outline = (given: WorkflowWay) =>
  chaptersOf(given).map(({ step, parts, times }) => [
    step.name,
    times,
    ...parts.map((part) => part.step.name),
  ]);

test('what the daemon and the registry did stands below the call that it was done for', () => {
  const told = way({
    client: [step('pull', 0, 40), step('idle-client', 40, 50), step('create', 50, 60)],
    daemon: [step('resolve', 1, 10), step('unpack', 20, 39), step('writable-layer', 50, 60)],
    registry: [step('manifest', 2, 9), step('idle-registry', 9, 100)],
  });
  expect(outline(told)).toEqual([
    ['pull', 1, 'resolve', 'manifest', 'unpack'],
    ['create', 1, 'writable-layer'],
  ]);
});

test('what the guest did stands below the last thing that this computer did for it', () => {
  const told = way({
    host: [step('spawn', 0, 10), step('idle-host', 10, 80), step('ask', 80, 90)],
    guest: [step('kernel', 10, 60), step('init', 60, 80), step('app', 80, 90)],
  });
  expect(outline(told)).toEqual([
    ['spawn', 1, 'kernel', 'init'],
    ['ask', 1, 'app'],
  ]);
});

test('the same question asked again and again is told once', () => {
  const told = way({
    client: [step('look-up', 0, 1), step('look-up', 2, 3), step('create', 4, 5)],
    daemon: [],
  });
  expect(outline(told)).toEqual([
    ['look-up', 2],
    ['create', 1],
  ]);
});
