import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gjson } from '../../../controller/gjson/gjson.ts';

/** The document of GJSON's own documentation. */
const PERSON = {
  name: { first: 'Tom', last: 'Anderson' },
  age: 37,
  children: ['Sara', 'Alex', 'Jack'],
  'fav.movie': 'Deer Hunter',
  friends: [
    { first: 'Dale', last: 'Murphy', age: 44, nets: ['ig', 'fb', 'tw'] },
    { first: 'Roger', last: 'Craig', age: 68, nets: ['fb', 'tw'] },
    { first: 'Jane', last: 'Murphy', age: 47, nets: ['ig', 'tw'] },
  ],
};
const [DALE, , JANE] = PERSON.friends;

describe('gjson on its documented examples', () => {
  it.each<[path: string, expected: unknown]>([
    ['name.last', 'Anderson'],
    ['name.first', 'Tom'],
    ['age', 37],
    ['children', ['Sara', 'Alex', 'Jack']],
    ['children.0', 'Sara'],
    ['children.1', 'Alex'],
    ['children.#', 3],
    ['friends.1', PERSON.friends[1]],
    ['friends.1.first', 'Roger'],
    ['child*.2', 'Jack'],
    ['c?ildren.0', 'Sara'],
    ['fav\\.movie', 'Deer Hunter'],
    ['friends.#.first', ['Dale', 'Roger', 'Jane']],
    ['friends.#.age', [44, 68, 47]],
    ['friends.#(last=="Murphy").first', 'Dale'],
    ['friends.#(last=="Murphy")#.first', ['Dale', 'Jane']],
    ['friends.#(age>45)#.last', ['Craig', 'Murphy']],
    ['friends.#(age>=47)#.last', ['Craig', 'Murphy']],
    ['friends.#(age<45)#.last', ['Murphy']],
    ['friends.#(age<=44)#.last', ['Murphy']],
    ['friends.#(age!=44)#.first', ['Roger', 'Jane']],
    ['friends.#(first%"D*").last', 'Murphy'],
    ['friends.#(first!%"D*").last', 'Craig'],
    ['friends.#(nets.#(=="fb"))#.first', ['Dale', 'Roger']],
    ['friends.#[last=="Craig"].first', 'Roger'],
    ['children.#(!%"*a*")', 'Alex'],
    ['children.#(%"*a*")#', ['Sara', 'Jack']],
    ['friends.#(nickname)', undefined],
    ['friends.#(first)#.first', ['Dale', 'Roger', 'Jane']],
    ['friends|0.first', 'Dale'],
    ['friends.0|first', 'Dale'],
    ['friends|0|first', 'Dale'],
    ['friends|#', 3],
    ['friends.#', 3],
    ['friends.#(last="Murphy")#', [DALE, JANE]],
    ['friends.#(last="Murphy")#|first', undefined],
    ['friends.#(last="Murphy")#.0', []],
    ['friends.#(last="Murphy")#|0', DALE],
    ['friends.#(last="Murphy")#.#', []],
    ['friends.#(last="Murphy")#|#', 2],
    ['children.@reverse', ['Jack', 'Alex', 'Sara']],
    ['children|@reverse', ['Jack', 'Alex', 'Sara']],
    ['children.@reverse.0', 'Jack'],
    ['children|@reverse|0', 'Jack'],
    ['name.@keys', ['first', 'last']],
    ['name.@values', ['Tom', 'Anderson']],
    ['@this.age', 37],
    ['@pretty:{"sortKeys":true}.age', 37],
    ['@valid|age', 37],
    ['@ugly.name.first', 'Tom'],
    [
      '{name.first,age,"the_murphys":friends.#(last="Murphy")#.first}',
      { first: 'Tom', age: 37, the_murphys: ['Dale', 'Jane'] },
    ],
    ['[name.first,age,children.0]', ['Tom', 37, 'Sara']],
    ['name.[first,last].1', 'Anderson'],
    ['{name.first,"company":!"Happysoft"}', { first: 'Tom', company: 'Happysoft' }],
    ['[@this].#(age=37).name.last', 'Anderson'],
    ['[@this].#(age=38).name.last', undefined],
    ['missing', undefined],
    ['missing.deeper', undefined],
    ['children.7', undefined],
    ['children.first', undefined],
    ['age.x', undefined],
  ])('%s', (path, expected) => expect(gjson(PERSON, path)).toEqual(expected));

  it.each<[path: string, expected: unknown]>([
    ['vals.#(b==~true)#.a', [1, 6, 7, 8]],
    ['vals.#(b==~false)#.a', [2, 3, 4, 5, 9, 10, 11]],
    ['vals.#(b==~null)#.a', [3, 4]],
    ['vals.#(b!=~*)#.a', [3]],
    // A text that is no number counts as 0 beside a number.
    ['vals.#(b==true)#.a', [1, 8, 11]],
    ['vals.#(b>=false)#.a', [1, 6, 8, 9, 11]],
    ['vals.#(b<=~true)#.a', [2, 3, 4, 5, 9, 10, 11]],
    ['vals.#(b>~false)#.a', [1, 6, 7, 8]],
  ])('turns values into truth for %s', (path, expected) => {
    const vals = [true, false, undefined, null, '0', 1, '1', 'true', 'false', '', 0].map((b, at) =>
      b === undefined ? { a: at + 1 } : { a: at + 1, b },
    );
    expect(gjson({ vals }, path)).toEqual(expected);
  });

  it.each<[path: string, value: unknown, expected: unknown]>([
    ['@flatten', [1, [2], [3, [4]]], [1, 2, 3, [4]]],
    ['@flatten:{"deep":true}|#', [1, [2], [3, [4]]], 4],
    ['@join', [{ a: 1 }, { b: 2, a: 3 }], { a: 3, b: 2 }],
    ['@fromstr.a', '{"a":1}', 1],
    ['@tostr', { a: 1 }, '{"a":1}'],
    ['@group.1', { a: [1, 2], b: [3, 4] }, { a: 2, b: 4 }],
    ['a\\*b', { 'a*b': 1, axb: 2 }, 1],
    ['..#', { a: 1 }, 1],
    ['..0.a', { a: 1 }, 1],
    ['#(a=="x \\"y\\"").b', [{ a: 'x "y"', b: 1 }], 1],
    ['#(a==")").b', [{ a: ')', b: 1 }], 1],
    ['#(a==1', [{ a: 1 }], undefined],
    ['#()', [{ a: 1 }], undefined],
    ['#(a==~false)', [1, { b: 2 }], { b: 2 }],
    ['#(>1)#', [1, 2, '3'], [2, '3']],
    [
      '#(done>false)#.id',
      [
        { id: 1, done: true },
        { id: 2, done: false },
      ],
      [1],
    ],
  ])('%s', (path, value, expected) => expect(gjson(value, path)).toEqual(expected));
});

describe("gjson on Katib's conditions", () => {
  const status = (type: string, state: string): unknown => ({
    status: {
      succeeded: 1,
      conditions: [
        { type: 'Created', status: 'True' },
        { type, status: state, reason: 'R' },
      ],
    },
  });

  it.each([
    [status('Complete', 'True'), [{ type: 'Complete', status: 'True', reason: 'R' }]],
    [status('Complete', 'False'), []],
    [status('Failed', 'True'), []],
    [{ status: { conditions: [] } }, []],
    [{ status: {} }, undefined],
    [{}, undefined],
  ])('finds the true condition of %j', (job, expected) => {
    expect(gjson(job, 'status.conditions.#(type=="Complete")#|#(status=="True")#')).toEqual(expected);
  });

  it('lets a query ask a single object by wrapping it', () => {
    expect(gjson(status('Complete', 'True'), 'status.[@this].#(succeeded==1)')).toMatchObject({
      succeeded: 1,
    });
    expect(gjson(status('Complete', 'True'), 'status.[@this].#(succeeded==2)')).toBeUndefined();
  });
});

it('yields something or undefined for any path, and never throws', () => {
  const text = fc.string({
    unit: fc.constantFrom(...Array.from('ab.|#()[]{}"\\@*?=!<>%~:,1')),
    maxLength: 24,
  });
  fc.assert(
    fc.property(fc.jsonValue(), text, (value, path) => void gjson(value, path)),
    { numRuns: 2000 },
  );
});
