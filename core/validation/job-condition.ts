const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * What is plainly wrong with a GJSON expression, as the end of a sentence, or undefined where nothing is. A rough check
 * of brackets and quotes: GJSON itself has no errors, it just never matches.
 */
export function jobConditionProblem(expression: string): string | undefined {
  if (expression.trim() === '') return 'is empty';
  if (/[=<>%]\s*'/.test(expression)) return 'has a text in single quotes, where GJSON takes double quotes';
  const open: string[] = [];
  let inText = false;
  for (let index = 0; index < expression.length; index++) {
    const character = expression[index] ?? '';
    if (character === '\\') index++;
    else if (character === '"') inText = !inText;
    else if (inText) continue;
    else if (CLOSING[character] !== undefined) open.push(CLOSING[character]);
    else if (')]}'.includes(character) && open.pop() !== character) return `has a ${character} too many`;
  }
  if (inText) return 'has a quote that does not end';
  const missing = open.pop();
  return missing === undefined ? undefined : `lacks a ${missing}`;
}
