import assert from 'node:assert/strict';
import { nextLink } from './link-header.js';

describe('the next link of a Link header', () => {
  const headers: [string | null, string | undefined][] = [
    ['</a?page=2>; rel="next"', '/a?page=2'],
    ['</a>;rel=next', '/a'],
    ['</a> ; REL = "NEXT"', '/a'],
    ['</a>; rel="prev next"', '/a'],
    ['</first>; rel="first", </a>; rel="next", </last>; rel="last"', '/a'],
    ['</b>; title="</c>; rel=\\"next\\", "; rel=prev, </a>; rel=next', '/a'],
    ['</a,b;c>; rel=next', '/a,b;c'],
    ['</a>; async; rel=next', '/a'],
    ['<>; rel=next', ''],
    [',, </a>; rel=next', '/a'],
    ['</a>; rel=prev; rel=next', undefined],
    ['</a>; rel="nextpage"', undefined],
    ['</a>; rev=next', undefined],
    ['</a>', undefined],
    ['/a; rel=next', undefined],
    ['</a; rel=next', undefined],
    ['', undefined],
    [null, undefined],
  ];
  for (const [header, expected] of headers) {
    it(`in ${header} is ${expected}`, () => assert.equal(nextLink(header), expected));
  }
});
