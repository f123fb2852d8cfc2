import { describe, expect, it } from 'vitest';
import { jobConditionProblem } from '../../../core/validation/job-condition.ts';

describe('jobConditionProblem', () => {
  it.each([
    'status.conditions.#(type=="Complete")#|#(status=="True")#',
    'status.[@this].#(phase=="Succeeded")#',
    'status.[@this].#(succeeded==1)',
    'status.{"a":phase}',
    String.raw`status.conditions.#(type=="a\"b)")#`,
    String.raw`metadata.annotations.example\.com/\(done`,
  ])('has nothing against %s', (expression) => {
    expect(jobConditionProblem(expression)).toBeUndefined();
  });

  it.each([
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['status.conditions.#(type=="Complete"', 'lacks a )'],
    ['status.conditions.#(type=="Complete))#', 'has a quote that does not end'],
    ['status.[@this.#(phase=="Failed")#', 'lacks a ]'],
    ['status)', 'has a ) too many'],
    [
      "status.conditions.#(type=='Complete')#",
      'has a text in single quotes, where GJSON takes double quotes',
    ],
  ])('finds that %j %s', (expression, problem) => {
    expect(jobConditionProblem(expression)).toBe(problem);
  });
});
