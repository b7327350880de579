import type { Timetable } from '#core/timetable/timetable.js';

export interface Vector {
  name: string;
  timetable: Timetable;
  after: string;
  /** The next moments, in UTC. */
  times: readonly string[];
}

const cron = (expression: string, timeZone: string): Timetable => ({
  kind: 'cron',
  cron: expression,
  timeZone,
});

/** When timetables fire, where that is not plain: clocks that change, leap days, ends of months and years. */
export const vectors: readonly Vector[] = [
  {
    name: '02:30 in Zurich on the night without 02:30: at the end of the gap',
    timetable: cron('30 2 * * *', 'Europe/Zurich'),
    after: '2027-03-27T12:00:00Z',
    times: ['2027-03-28T01:00:00Z', '2027-03-29T00:30:00Z'],
  },
  {
    name: '02:30 in Zurich on the night with two of them: once, the first',
    timetable: cron('30 2 * * *', 'Europe/Zurich'),
    after: '2027-10-30T12:00:00Z',
    times: ['2027-10-31T00:30:00Z', '2027-11-01T01:30:00Z'],
  },
  {
    name: '01:30 in New York on the night with two of them: once, the first',
    timetable: cron('30 1 * * *', 'America/New_York'),
    after: '2027-11-06T12:00:00Z',
    times: ['2027-11-07T05:30:00Z', '2027-11-08T06:30:00Z'],
  },
  {
    name: 'a list of hours in New York over the gap: like a single hour',
    timetable: cron('30 2,14 * * *', 'America/New_York'),
    after: '2027-03-13T20:00:00Z',
    times: ['2027-03-14T07:00:00Z', '2027-03-14T18:30:00Z', '2027-03-15T06:30:00Z'],
  },
  {
    name: 'each quarter of an hour in Zurich where the clock goes back: as time passes',
    timetable: cron('*/15 * * * *', 'Europe/Zurich'),
    after: '2027-10-31T00:40:00Z',
    times: ['2027-10-31T00:45:00Z', '2027-10-31T01:00:00Z', '2027-10-31T01:15:00Z', '2027-10-31T01:30:00Z'],
  },
  {
    name: 'each half hour in Zurich where the clock goes forward: as time passes',
    timetable: cron('*/30 * * * *', 'Europe/Zurich'),
    after: '2027-03-28T00:20:00Z',
    times: ['2027-03-28T00:30:00Z', '2027-03-28T01:00:00Z', '2027-03-28T01:30:00Z'],
  },
  {
    name: 'Lord Howe, where the clock goes forward by half an hour',
    timetable: cron('15 2 * * *', 'Australia/Lord_Howe'),
    after: '2027-10-01T20:00:00Z',
    times: ['2027-10-02T15:30:00Z', '2027-10-03T15:15:00Z'],
  },
  {
    name: 'Lord Howe, where the clock goes back by half an hour',
    timetable: cron('45 1 * * *', 'Australia/Lord_Howe'),
    after: '2027-04-02T20:00:00Z',
    times: ['2027-04-03T14:45:00Z', '2027-04-04T15:15:00Z'],
  },
  {
    name: 'midnight in Beirut on the night without midnight',
    timetable: cron('0 0 * * *', 'Asia/Beirut'),
    after: '2027-03-26T23:00:00Z',
    times: ['2027-03-27T22:00:00Z', '2027-03-28T21:00:00Z'],
  },
  {
    name: 'working days in Kolkata, five and a half hours ahead',
    timetable: cron('0 9 * * MON-FRI', 'Asia/Kolkata'),
    after: '2027-01-01T00:00:00Z',
    times: ['2027-01-01T03:30:00Z', '2027-01-04T03:30:00Z', '2027-01-05T03:30:00Z'],
  },
  {
    name: 'new year in Kathmandu, five hours and three quarters ahead',
    timetable: cron('0 0 1 JAN *', 'Asia/Kathmandu'),
    after: '2027-06-01T00:00:00Z',
    times: ['2027-12-31T18:15:00Z', '2028-12-31T18:15:00Z'],
  },
  {
    name: 'the end of the year in Auckland',
    timetable: cron('59 23 31 12 *', 'Pacific/Auckland'),
    after: '2027-01-01T00:00:00Z',
    times: ['2027-12-31T10:59:00Z', '2028-12-31T10:59:00Z'],
  },
  {
    name: '29 February: in leap years only',
    timetable: cron('0 12 29 2 *', 'UTC'),
    after: '2027-01-01T00:00:00Z',
    times: ['2028-02-29T12:00:00Z', '2032-02-29T12:00:00Z'],
  },
  {
    name: 'the 31st: in months that have one',
    timetable: cron('0 0 31 * *', 'Europe/Zurich'),
    after: '2027-01-31T00:00:00Z',
    times: ['2027-03-30T22:00:00Z', '2027-05-30T22:00:00Z', '2027-07-30T22:00:00Z'],
  },
  {
    name: 'the last day of each month',
    timetable: cron('0 0 L * *', 'UTC'),
    after: '2028-01-31T00:00:00Z',
    times: ['2028-02-29T00:00:00Z', '2028-03-31T00:00:00Z', '2028-04-30T00:00:00Z'],
  },
  {
    name: 'the 13th, and each Friday: either is enough',
    timetable: cron('0 0 13 * 5', 'UTC'),
    after: '2027-09-04T00:00:00Z',
    times: ['2027-09-10T00:00:00Z', '2027-09-13T00:00:00Z', '2027-09-17T00:00:00Z'],
  },
  {
    name: 'Sunday as 7',
    timetable: cron('0 0 * * 7', 'UTC'),
    after: '2027-01-01T00:00:00Z',
    times: ['2027-01-03T00:00:00Z', '2027-01-10T00:00:00Z'],
  },
  {
    name: 'an interval, from the beginning of 1970',
    timetable: { kind: 'every', everyMs: 900_000, fromMs: 0, timeZone: 'UTC' },
    after: '2027-01-01T00:15:00Z',
    times: ['2027-01-01T00:30:00Z', '2027-01-01T00:45:00Z'],
  },
  {
    name: 'an interval that begins later',
    timetable: {
      kind: 'every',
      everyMs: 86_400_000,
      fromMs: Date.parse('2030-05-01T07:05:00Z'),
      timeZone: 'Europe/Zurich',
    },
    after: '2027-01-01T00:00:00Z',
    times: ['2030-05-01T07:05:00Z', '2030-05-02T07:05:00Z'],
  },
  {
    name: 'once',
    timetable: { kind: 'at', atMs: Date.parse('2027-12-24T18:00:05+01:00'), timeZone: 'UTC' },
    after: '2027-01-01T00:00:00Z',
    times: ['2027-12-24T17:00:05Z'],
  },
];
