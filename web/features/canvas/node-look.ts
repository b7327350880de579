import {
  ArrowDownUp,
  Bot,
  Braces,
  CalendarClock,
  CircleStop,
  Clock,
  Code,
  Combine,
  CopyMinus,
  Filter,
  Globe,
  Group,
  Hand,
  ListEnd,
  type LucideIcon,
  Mail,
  Merge,
  MessageSquareReply,
  MousePointerClick,
  PenLine,
  Play,
  Repeat,
  RotateCw,
  Scissors,
  Signpost,
  Sparkles,
  Split,
  SquareDashedMousePointer,
  TextCursorInput,
  TriangleAlert,
  Webhook,
  Workflow,
  Zap,
} from 'lucide-react';
import type { Draft, DraftNode } from '#core/automation/draft/draft.js';

export interface Look {
  icon: LucideIcon;
  title: string;
  /** Under the title: what it goes by, or what kind of thing it is. */
  kind: string;
}

/** Types of nodes in the words of people, in the order in which they are offered. `action` is one for each action. */
export const nodeTypes: Readonly<Record<string, { icon: LucideIcon; title: string; about: string }>> = {
  if: { icon: Split, title: 'If', about: 'Goes one of two ways.' },
  switch: { icon: Signpost, title: 'Switch', about: 'Goes the way of the first case that holds.' },
  loop: { icon: Repeat, title: 'Loop', about: 'Does its body once for each item of a list.' },
  while: { icon: RotateCw, title: 'While', about: 'Repeats its body while a condition holds.' },
  join: { icon: Merge, title: 'Join', about: 'Brings branches together.' },
  approval: { icon: Hand, title: 'Approval', about: 'Asks people for a decision.' },
  wait: { icon: Clock, title: 'Wait', about: 'For a while, until a moment, or for an event.' },
  set: { icon: PenLine, title: 'Set values', about: 'Computes values for later steps.' },
  http: { icon: Globe, title: 'HTTP request', about: 'Calls any HTTP API.' },
  code: { icon: Code, title: 'Code', about: 'JavaScript in a sandbox.' },
  ai: { icon: Sparkles, title: 'AI', about: 'Has a language model write, read out, sort, judge or sum up.' },
  subflow: { icon: Workflow, title: 'Subflow', about: 'Starts another automation.' },
  respond: { icon: MessageSquareReply, title: 'Respond', about: 'Answers whoever waits for the run.' },
  stop: { icon: CircleStop, title: 'Stop', about: 'Ends the run.' },
  filter: { icon: Filter, title: 'Filter', about: 'Keeps the items for which a condition holds.' },
  sort: { icon: ArrowDownUp, title: 'Sort', about: 'Puts items in order.' },
  limit: { icon: ListEnd, title: 'Limit', about: 'Takes some items from start or end.' },
  dedupe: { icon: CopyMinus, title: 'Remove duplicates', about: 'Keeps one item of each key.' },
  pick: { icon: Braces, title: 'Pick fields', about: 'Makes each item anew from expressions.' },
  split: { icon: Scissors, title: 'Split', about: 'Makes batches of a list.' },
  aggregate: { icon: Group, title: 'Aggregate', about: 'Counts, sums and groups items.' },
  merge: { icon: Combine, title: 'Merge', about: 'Joins two lists.' },
};

const triggerLooks: Readonly<Record<string, { icon: LucideIcon; title: string }>> = {
  manual: { icon: MousePointerClick, title: 'Started by hand' },
  api: { icon: Play, title: 'Started by a program' },
  webhook: { icon: Webhook, title: 'Webhook' },
  form: { icon: TextCursorInput, title: 'Form' },
  schedule: { icon: CalendarClock, title: 'Schedule' },
  event: { icon: Zap, title: 'Event' },
  email: { icon: Mail, title: 'Mail received' },
  error: { icon: TriangleAlert, title: 'Another automation failed' },
};

/** How a node looks, by its name, else by what it does. */
export function lookOfNode(node: DraftNode): Look {
  const action = typeof node.action === 'string' ? node.action : undefined;
  const type = nodeTypes[node.type];
  const kind = action ?? type?.title ?? node.type;
  const title = node.name || (action ? wordsOf(action) : kind);
  const summary = summaryOf(node.input) ?? (kind === title ? type?.about : undefined);
  return {
    icon: type?.icon ?? (action?.startsWith('ai.') ? Bot : SquareDashedMousePointer),
    title,
    kind: summary ?? kind,
  };
}

/** How the trigger looks. */
export function lookOfTrigger({ type, input }: Draft['trigger']): Look {
  const known = triggerLooks[type];
  const event = type === 'event' && typeof input.event === 'string' ? input.event : undefined;
  return {
    icon: known?.icon ?? Zap,
    title: event ? wordsOf(event) : (known?.title ?? wordsOf(type)),
    kind: 'Trigger',
  };
}

/** What matters most of a node's input, without the braces of an expression. */
function summaryOf({ condition, items, title, duration, url }: DraftNode['input']): string | undefined {
  const text = [condition, items, title, duration, url].find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  return text?.replace(/^\{\{\s*((?:(?!\{\{).)*?)\s*\}\}$/s, '$1');
}

/** `tasks.create` as `Create · tasks`. */
function wordsOf(name: string): string {
  const [domain = '', verb = ''] = name.split('.');
  const words = `${verb} · ${domain}`.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
