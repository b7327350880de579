import assert from 'node:assert/strict';
import { embed } from './embed.js';

describe('Vectors of texts', () => {
  it('have unit length and the wanted number of dimensions, and are the same each time', () => {
    for (const text of ['An invoice', '', '…', 'Überweisung für März']) {
      const vector = embed(text, 256);
      assert.equal(vector.length, 256);
      assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-9, text);
      assert.deepEqual(embed(text, 256), vector);
    }
  });

  it('are nearer for texts about the same thing', () => {
    const triples = [
      [
        'How do I reset my password?',
        'Password resets: open the settings',
        'The canteen has soup on Mondays',
      ],
      ['invoice is overdue', 'Overdue invoices of March', 'New logo for the web site'],
      ['The deployment failed', 'Failures of deployments last week', 'Holiday plans for the summer'],
      ['vacation policy', 'Our policies for vacations and leave', 'Server costs by region'],
    ] as const;
    for (const [text, near, far] of triples) {
      assert.ok(nearness(text, near) > nearness(text, far) + 0.1, text);
    }
  });

  it('find the right one of many, whatever the form of its words', () => {
    const documents = [
      'Expenses are reimbursed within ten days of the receipt.',
      'Employees may work from home on three days of a week.',
      'Customers can return goods within thirty days.',
      'Passwords have at least twelve characters.',
      'The office in Hamburg is closed on public holidays.',
    ];
    const questions: [string, number][] = [
      ['When is my expense reimbursement paid?', 0],
      ['working from home', 1],
      ['a customer wants to return something', 2],
      ['minimum character count of a password', 3],
      ['holiday closing of the Hamburg offices', 4],
    ];
    for (const [question, expected] of questions) {
      const scores = documents.map((document) => nearness(question, document));
      assert.equal(scores.indexOf(Math.max(...scores)), expected, question);
    }
  });

  function nearness(one: string, other: string): number {
    const vector = embed(other, 768);
    return embed(one, 768).reduce((sum, value, index) => sum + value * (vector[index] ?? 0), 0);
  }
});
