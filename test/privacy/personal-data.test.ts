import assert from 'node:assert/strict';
import type postgres from 'postgres';
import { isPersonal, personalData } from '#db/personal-data.js';
import { openOwner } from '../owner.js';
import { testSystem } from '../system.js';

/** Columns that mostly hold something of a person. */
const soundsPersonal =
  /(^|_)(e?mail|name|first_name|last_name|ip|user_agent|phone|address|avatar|birth\w*|user_id|recipient|sender|assignee_id|on_behalf_of|password\w*)$/;

interface Column {
  table: string;
  column: string;
  type: string;
}

describe('the list of personal data', () => {
  let columns: Column[];
  before(async () => {
    const owner: postgres.Sql = openOwner((await testSystem()).stack);
    columns = await owner<Column[]>`
      SELECT table_name AS table, column_name AS column, data_type AS type
      FROM information_schema.columns WHERE table_schema = 'public'`;
    assert.ok(columns.length > 100);
  });
  const columnsOf = (table: string) =>
    columns.filter((one) => one.table === table).map(({ column }) => column);

  it('has every table of the schema, and no other', () => {
    const tables = [...new Set(columns.map(({ table }) => table))].sort();
    assert.deepEqual(Object.keys(personalData).sort(), tables);
  });

  it('names columns that exist', () => {
    for (const [table, facts] of Object.entries(personalData)) {
      const named = [
        ...Object.keys(facts.secret ?? {}),
        ...(isPersonal(facts) ? Object.keys(facts.person) : Object.keys(facts.impersonal ?? {})),
        ...(isPersonal(facts) && facts.erasure.kind === 'change' ? Object.keys(facts.erasure.set) : []),
      ];
      assert.deepEqual(
        named.filter((column) => !columnsOf(table).includes(column)),
        [],
        table,
      );
    }
  });

  it('says why a column that sounds personal is not, in a table without persons', () => {
    for (const [table, facts] of Object.entries(personalData)) {
      if (isPersonal(facts)) continue;
      const explained = Object.keys(facts.impersonal ?? {});
      const suspicious = columnsOf(table).filter((column) => soundsPersonal.test(column));
      assert.deepEqual(
        suspicious.filter((column) => !explained.includes(column)),
        [],
        table,
      );
    }
  });

  it('tells in words what a table holds, and why something is kept, fixed, secret or left out', () => {
    for (const [table, facts] of Object.entries(personalData)) {
      const texts = [
        isPersonal(facts) ? facts.holds : facts.none,
        ...(isPersonal(facts) && facts.erasure.kind === 'keep' ? [facts.erasure.reason] : []),
        ...Object.values(facts.secret ?? {}),
        ...(isPersonal(facts) ? [] : Object.values(facts.impersonal ?? {})),
        ...[facts.fixedText, facts.notExported].flatMap((text) => text ?? []),
      ];
      for (const text of texts) assert.match(text, /\w{3,}.*\.$/, table);
    }
  });

  it('keeps columns that hold credentials out of exports', () => {
    const credential = /(^|_)(hash|secret|token|hook_key|password\w*|marks)$/;
    const ofTheChain = [
      'audit_chain.hash',
      'audit_seals.hash',
      'audit_seals.previous_hash',
      'audit_log.details_hash',
    ];
    const harmless = [
      'agent_versions.hash',
      'automation_versions.hash',
      'idempotency_keys.input_hash',
      ...ofTheChain,
    ];
    const shown = columns
      .filter(({ table, column }) => credential.test(column) && !personalData[table]?.secret?.[column])
      .map(({ table, column }) => `${table}.${column}`);
    assert.deepEqual(
      shown.filter((name) => !harmless.includes(name)),
      [],
    );
  });
});
