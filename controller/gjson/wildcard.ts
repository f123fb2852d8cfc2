type Token = { char: string } | 'any' | 'star';

/** `*` is any text, `?` any character, a backslash makes the next character plain. Linear in text × pattern. */
export function matchesPattern(text: string, pattern: string): boolean {
  const tokens = tokenize(pattern);
  let [at, token, starToken, starAt] = [0, 0, -1, 0];
  while (at < text.length) {
    const current = tokens[token];
    if (current === 'star') [starToken, starAt] = [token++, at];
    else if (current === 'any' || (current && current.char === text[at])) [at, token] = [at + 1, token + 1];
    else if (starToken >= 0) [token, at] = [starToken + 1, ++starAt];
    else return false;
  }
  return tokens.slice(token).every((rest) => rest === 'star');
}

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '*') tokens.push('star');
    else if (char === '?') tokens.push('any');
    else tokens.push({ char: char === '\\' ? pattern.charAt(++at) : char });
  }
  return tokens;
}
