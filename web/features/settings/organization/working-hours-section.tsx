import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { type WorkingHours, weekdays } from '#core/working-hours.js';
import { messageOf } from '../../../api/api-error.js';
import { api, result } from '../../../api/client.js';
import { Button } from '../../../components/ui/button.js';
import { Input } from '../../../components/ui/field.js';
import { dayText } from '../../resources/moments.js';
import { SettingsLine } from '../settings-line.js';
import { SettingsSection } from '../settings-section.js';
import { organizationQuery } from './settings-query.js';

type Hours = WorkingHours;
type Weekday = (typeof weekdays)[number];
type Span = NonNullable<Hours[Weekday]>[number];

const usual: Span = { from: '09:00', to: '17:00' };

/** When people work: spans of each weekday, and days off. Waits that count working hours go by it. */
export function WorkingHoursSection({ isReadOnly }: { isReadOnly: boolean }) {
  const client = useQueryClient();
  const { data } = useSuspenseQuery(organizationQuery);
  const [draft, setDraft] = useState<Hours>();
  const hours: Hours = draft ?? data.workingHours;
  const save = async (body: { workingHours?: Hours; holidays?: string[] }) => {
    try {
      const saved = await result(api.PATCH('/v1/organization/settings', { body }));
      client.setQueryData(organizationQuery.queryKey, saved);
      setDraft(undefined);
      toast('Saved');
    } catch (error) {
      toast.error(messageOf(error));
    }
  };
  const set = (day: Weekday, spans: readonly Span[]) => setDraft({ ...hours, [day]: [...spans] });
  return (
    <SettingsSection
      title="Working hours"
      text={`In local time of ${data.timeZone}. Automations that wait for working hours go by them.`}
      action={
        draft && (
          <div className="flex gap-2">
            <Button size="small" onClick={() => setDraft(undefined)}>
              Discard
            </Button>
            <Button size="small" look="primary" onClick={() => void save({ workingHours: draft })}>
              Save the hours
            </Button>
          </div>
        )
      }
    >
      {weekdays.map((day) => (
        <SettingsLine
          key={day}
          title={<span className="capitalize">{day}</span>}
          action={
            <Spans
              day={day}
              spans={hours[day] ?? []}
              isReadOnly={isReadOnly}
              onChange={(spans) => set(day, spans)}
            />
          }
        />
      ))}
      <Holidays
        days={data.holidays}
        isReadOnly={isReadOnly}
        onChange={(holidays) => void save({ holidays })}
      />
    </SettingsSection>
  );
}

interface SpansProps {
  day: Weekday;
  spans: readonly Span[];
  isReadOnly: boolean;
  onChange(spans: readonly Span[]): void;
}

function Spans({ day, spans, isReadOnly, onChange }: SpansProps) {
  const change = (index: number, part: Partial<Span>) =>
    onChange(spans.map((span, other) => (other === index ? { ...span, ...part } : span)));
  return (
    <div className="grid justify-items-end gap-1.5">
      {spans.length === 0 && <span className="text-soft">Free</span>}
      {spans.map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans have nothing but their place
        <div key={index} className="flex items-center gap-1.5">
          <TimeInput
            label={`${day} from`}
            value={span.from}
            isReadOnly={isReadOnly}
            onChange={(from) => change(index, { from })}
          />
          <span aria-hidden>–</span>
          <TimeInput
            label={`${day} to`}
            value={span.to}
            isReadOnly={isReadOnly}
            onChange={(to) => change(index, { to })}
          />
          {!isReadOnly && (
            <Button
              look="ghost"
              size="icon"
              aria-label={`Remove the hours of ${day} from ${span.from}`}
              onClick={() => onChange(spans.filter((_, other) => other !== index))}
            >
              <X aria-hidden />
            </Button>
          )}
        </div>
      ))}
      {!isReadOnly && (
        <Button
          look="ghost"
          size="small"
          aria-label={`Add hours on ${day}`}
          onClick={() => onChange([...spans, nextSpan(spans)])}
        >
          <Plus aria-hidden />
          Add
        </Button>
      )}
    </div>
  );
}

function TimeInput({
  label,
  value,
  isReadOnly,
  onChange,
}: {
  label: string;
  value: string;
  isReadOnly: boolean;
  onChange(value: string): void;
}) {
  return (
    <Input
      type="time"
      aria-label={label}
      className="h-8 w-28"
      disabled={isReadOnly}
      // What ends with the day has no time that a browser could show.
      value={value === '24:00' ? '23:59' : value}
      onChange={(event) => event.target.value && onChange(event.target.value)}
    />
  );
}

/** What comes after the last span of a day. */
function nextSpan(spans: readonly Span[]): Span {
  const last = spans.at(-1);
  return last && last.to < '20:00' ? { from: last.to, to: '20:00' } : usual;
}

function Holidays({
  days,
  isReadOnly,
  onChange,
}: {
  days: readonly string[];
  isReadOnly: boolean;
  onChange(days: string[]): void;
}) {
  return (
    <SettingsLine
      title="Days off"
      text={
        days.length === 0 ? (
          'None'
        ) : (
          <span className="flex flex-wrap gap-1.5 pt-1">
            {days.map((day) => (
              <span
                key={day}
                className="inline-flex items-center gap-1 rounded-full border border-line-strong py-0.5 pr-1 pl-2.5"
              >
                {dayText(day)}
                {!isReadOnly && (
                  <button
                    type="button"
                    aria-label={`Remove ${dayText(day)}`}
                    className="rounded-full p-0.5 hover:bg-hover"
                    onClick={() => onChange(days.filter((other) => other !== day))}
                  >
                    <X aria-hidden className="size-3" />
                  </button>
                )}
              </span>
            ))}
          </span>
        )
      }
      action={
        !isReadOnly && (
          <Input
            type="date"
            aria-label="Add a day off"
            className="h-8 w-36"
            onChange={({ target }) => {
              if (target.value > '1970' && !days.includes(target.value)) onChange([...days, target.value]);
            }}
          />
        )
      }
    />
  );
}
