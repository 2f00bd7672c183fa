import { describe, expect, test } from 'vitest';

import { companyBody } from '../../bench/payloads.ts';

describe('the bodies of the benchmarks', () => {
  test('are the same for the same number, and others for another', () => {
    expect(companyBody(7)).toEqual(companyBody(7));
    expect(companyBody(8).domain).not.toBe(companyBody(7).domain);
  });

  test('have the numbers of elements the README states, all different', () => {
    for (let n = 0; n < 50; n += 1) {
      const { raw_payload: payload } = companyBody(n);
      const financial = payload.financial as { funding: unknown[] };
      expect(new Set(payload.keywords as string[]).size).toBe(26);
      expect(new Set(payload.technologies as string[]).size).toBe(22);
      expect(financial.funding).toHaveLength(8);
    }
  });

  test('take about 3 KB for landing', () => {
    const bytes = Buffer.byteLength(JSON.stringify(companyBody(1, 'landing')));
    expect(bytes).toBeGreaterThan(2800);
    expect(bytes).toBeLessThan(3300);
  });
});
