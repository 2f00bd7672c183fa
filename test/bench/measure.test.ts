import { expect, test } from 'vitest';

import { median, ratios, short, spread } from '../../bench/measure.ts';

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('ratios pair the measurements of each repetition', () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
});

test('numbers keep three significant digits, and none after the point from 1,000 on', () => {
  expect([0.49236, 2.5, 10, 123.4, 1234.5].map(short)).toEqual(['0.492', '2.5', '10', '123', '1,235']);
  expect(spread([1, 3, 2])).toBe('2 (1 to 3)');
});
