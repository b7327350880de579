import { continuingSystem } from '../continuing-system.js';
import { workingSystem } from '../system.js';
import { carryOutCases } from './carry-out-cases.js';

describe('the engine does what the cases say', () => carryOutCases(workingSystem));

describe('the engine does what the cases say, however often its workflows go on as new ones', function () {
  this.timeout(60_000);
  carryOutCases(continuingSystem);
});
