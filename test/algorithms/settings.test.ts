import { describe, expect, it } from 'vitest';
import { RANDOM_STATE, wholeNumberSetting } from '../../algorithms/settings.ts';

describe('a whole-number setting', () => {
  it.each(['0', '1', '42', ' 7 ', '+3'])('takes "%s"', (text) =>
    expect(RANDOM_STATE.check(text)).toBeUndefined(),
  );

  it.each(['-1', '1.5', 'None', '', '1e3', '99999999999999999999'])('refuses "%s"', (text) =>
    expect(RANDOM_STATE.check(text)).toBe('It must be a whole number, 0 or more.'),
  );

  it('knows its least value', () => {
    const setting = wholeNumberSetting({ name: 'n', description: '', defaultValue: '10', least: 5 });
    expect(setting.check('5')).toBeUndefined();
    expect(setting.check('4')).toBe('It must be a whole number, 5 or more.');
  });
});
