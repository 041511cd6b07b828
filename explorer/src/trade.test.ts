import { expect, it } from 'vitest';
import { money } from './parts/trade';

it('puts amounts in three digits and a unit', () => {
  expect([0, 999.9, 12_345, 2.5e9, 190.26e9, 1.2e12].map(money)).toEqual([
    '0.00', '1000', '12.3 k', '2.50 bn', '190 bn', '1.20 tn',
  ]);
});
