import { afterEach, describe, expect, it, vi } from 'vitest';
import { reportError } from '../../cli/error-report.ts';
import { FilesRefused } from '../../cli/manifest/accepted-files.ts';
import { KatydidError, SpecError } from '../../core/errors.ts';
import { specIssue } from '../../core/validation/issue.ts';
import { ApiError } from '../../kube/api-error.ts';
import { recordingOutput } from './recording-output.ts';

function reported(error: unknown): { lines: string[]; code: number } {
  const output = recordingOutput();
  const code = reportError(output, error);
  expect(output.data, 'data is for results').toEqual([]);
  return { lines: output.talk, code };
}

const issue = specIssue('SPEC_REQUIRED', ['spec', 'objective'], 'objective is missing.', 'Add it.');

describe('an error is told with its remedy', () => {
  it('by place where files were refused', () => {
    const error = new FilesRefused([{ ...issue, file: 'x.yaml', line: 3, column: 5 }]);
    expect(reported(error)).toEqual({
      lines: ['x.yaml:3:5: spec.objective: objective is missing. Add it.'],
      code: 2,
    });
  });

  it('at most fifty times', () => {
    const issues = Array.from({ length: 80 }, () => ({ ...issue, file: 'x.yaml', line: 3, column: 5 }));
    const { lines } = reported(new FilesRefused(issues));
    expect(lines).toHaveLength(51);
    expect(lines.at(-1)).toBe('… and at least 30 more errors.');
  });

  it('by field where a document was refused', () => {
    expect(reported(new SpecError('katydid.config.yaml', [issue]))).toEqual({
      lines: [
        'error: katydid.config.yaml has 1 error [SPEC_INVALID]',
        '  spec.objective: objective is missing. Add it.',
      ],
      code: 2,
    });
  });

  it('by code', () => {
    const error = new KatydidError('NO_DATA', 'There is nothing.', { remedy: 'Run something.' });
    expect(reported(error)).toEqual({
      lines: ['error: There is nothing. [NO_DATA]', '  Run something.'],
      code: 1,
    });
  });

  it.each(['EXPERIMENT_DIFFERS', 'EXTENSION_EMPTY', 'ONE_EXPERIMENT_EXPECTED', 'TEMPLATE_NOT_FOUND'])(
    'and %s means refused',
    (code) => {
      expect(reported(new KatydidError(code, 'No.')).code).toBe(2);
    },
  );

  it('as it is, from the API', () => {
    expect(reported(new ApiError('Conflict', 'somebody was faster'))).toEqual({
      lines: ['error: somebody was faster'],
      code: 1,
    });
  });
});

describe('what the operating system refuses', () => {
  it('is a full disk, with what to do', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
    const { lines, code } = reported(full);
    expect(code).toBe(1);
    expect(lines[0]).toBe('error: A disk is full: ENOSPC: no space left on device, write. [DISK_FULL]');
    expect(lines[1]).toContain('Free space');
  });

  it('is no defect', () => {
    const refused = Object.assign(new Error("EACCES: permission denied, open '/x'"), {
      code: 'EACCES',
      syscall: 'open',
    });
    const { lines } = reported(refused);
    expect(lines[0]).toBe("error: EACCES: permission denied, open '/x'");
    expect(lines[1]).toContain('permissions');
    expect(lines[1]).not.toContain('defect');
  });
});

describe('a defect', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is told as one, without a stack', () => {
    const { lines, code } = reported(new TypeError('x is not a function'));
    expect(code).toBe(1);
    expect(lines[0]).toBe('error: x is not a function');
    expect(lines[1]).toContain('defect of katydid');
    expect(lines.join('\n')).not.toContain('    at ');
  });

  it('shows its stack on request', () => {
    vi.stubEnv('KATYDID_DEBUG', '1');
    expect(reported(new TypeError('x is not a function')).lines.join('\n')).toContain('    at ');
  });

  it('may be anything that was thrown', () => {
    expect(reported('just text').lines[0]).toBe('error: just text');
  });
});
