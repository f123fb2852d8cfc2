import { describe, expect, it } from 'vitest';
import { causeInOutput } from '../../../controller/trial/output-signatures.ts';

describe('causeInOutput', () => {
  it.each<[line: string, code: string, what: string]>([
    [
      "python3: can't open file '/opt/train.py': [Errno 2] No such file or directory",
      'TRIAL_FILE_MISSING',
      'was to run /opt/train.py, which does not exist',
    ],
    ["Error: Cannot find module '/opt/train.js'", 'TRIAL_FILE_MISSING', 'was to run /opt/train.js'],
    [
      "FileNotFoundError: [Errno 2] No such file or directory: 'mnist.npz'",
      'TRIAL_FILE_MISSING',
      "directory: 'mnist.npz'",
    ],
    ["Error: ENOENT: no such file or directory, open 'x.csv'", 'TRIAL_FILE_MISSING', "open 'x.csv'"],
    ['cat: data.csv: No such file or directory', 'TRIAL_FILE_MISSING', 'cat: data.csv'],
    ["ModuleNotFoundError: No module named 'torch'", 'TRIAL_MODULE_MISSING', '"torch"'],
    ['ImportError: No module named sklearn.svm', 'TRIAL_MODULE_MISSING', '"sklearn.svm"'],
    ["Error: Cannot find module 'express'", 'TRIAL_MODULE_MISSING', '"express"'],
    [
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'left-pad' imported from /a.js",
      'TRIAL_MODULE_MISSING',
      '"left-pad"',
    ],
    [
      './train: error while loading shared libraries: libcudart.so.12: cannot open shared object file: No such file',
      'TRIAL_MODULE_MISSING',
      'the library "libcudart.so.12"',
    ],
    [
      'ImportError: libGL.so.1: cannot open shared object file: No such file or directory',
      'TRIAL_MODULE_MISSING',
      'the library "libGL.so.1"',
    ],
    ['MemoryError', 'TRIAL_OUT_OF_MEMORY', 'MemoryError'],
    [
      'numpy.core._exceptions._ArrayMemoryError: x\nMemoryError: Unable to allocate 8 GiB',
      'TRIAL_OUT_OF_MEMORY',
      'Unable to allocate 8 GiB',
    ],
    [
      'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB',
      'TRIAL_OUT_OF_MEMORY',
      'Tried to allocate',
    ],
    ['RuntimeError: CUDA error: out of memory, CUDA out of memory', 'TRIAL_OUT_OF_MEMORY', 'CUDA'],
    ['FATAL ERROR: Reached heap limit: JavaScript heap out of memory', 'TRIAL_OUT_OF_MEMORY', 'heap limit'],
    ['OSError: [Errno 28] No space left on device', 'TRIAL_DISK_FULL', '[Errno 28]'],
    ['Error: ENOSPC: no space left on device, write', 'TRIAL_DISK_FULL', 'ENOSPC'],
    ['OSError: [Errno 122] Disk quota exceeded', 'TRIAL_DISK_FULL', 'quota'],
    [
      'train.py: error: unrecognized arguments: --learning-rate=0.1',
      'TRIAL_ARGUMENT_REFUSED',
      'unrecognized arguments: --learning-rate=0.1',
    ],
    [
      'train.py: error: the following arguments are required: --epochs',
      'TRIAL_ARGUMENT_REFUSED',
      'required: --epochs',
    ],
    [
      "train.py: error: argument --lr: invalid float value: 'high'",
      'TRIAL_ARGUMENT_REFUSED',
      "invalid float value: 'high'",
    ],
    [
      "train.py: error: argument --opt: invalid choice: 'ftrl' (choose from 'sgd')",
      'TRIAL_ARGUMENT_REFUSED',
      "'ftrl'",
    ],
    ['Error: No such option: --lr', 'TRIAL_ARGUMENT_REFUSED', 'No such option: --lr'],
    [
      "FATAL Flags parsing error: Unknown command line flag 'lr'",
      'TRIAL_ARGUMENT_REFUSED',
      "Unknown command line flag 'lr'",
    ],
    [
      'RuntimeError: Found no NVIDIA driver on your system.',
      'TRIAL_GPU_ERROR',
      'could not use a GPU: RuntimeError: Found no NVIDIA driver',
    ],
    [
      'RuntimeError: CUDA error: no kernel image is available for execution on the device',
      'TRIAL_GPU_ERROR',
      'no kernel image',
    ],
    [
      'AssertionError: Torch not compiled with CUDA enabled',
      'TRIAL_GPU_ERROR',
      'not compiled with CUDA enabled',
    ],
    [
      'urllib.error.URLError: <urlopen error [Errno -3] Temporary failure in name resolution>',
      'TRIAL_NETWORK_UNAVAILABLE',
      'name resolution',
    ],
    ['curl: (6) Could not resolve host: example.org', 'TRIAL_NETWORK_UNAVAILABLE', 'example.org'],
    ['Error: getaddrinfo ENOTFOUND example.org', 'TRIAL_NETWORK_UNAVAILABLE', 'ENOTFOUND'],
    [
      "PermissionError: [Errno 13] Permission denied: '/data/model.h5'",
      'TRIAL_PERMISSION_DENIED',
      "'/data/model.h5'",
    ],
    ["Error: EACCES: permission denied, mkdir '/out'", 'TRIAL_PERMISSION_DENIED', "mkdir '/out'"],
    ["OSError: [Errno 30] Read-only file system: '/out'", 'TRIAL_PERMISSION_DENIED', 'Read-only'],
  ])('reads %s', (output, code, what) => {
    const cause = causeInOutput(`epoch 1 loss=0.3\n${output}\n`);
    expect(cause?.code).toBe(code);
    expect(cause?.what).toContain(what);
  });

  it('takes the last cause of a chain of errors', () => {
    const output = [
      "FileNotFoundError: [Errno 2] No such file or directory: 'cache'",
      'During handling of the above exception, another exception occurred:',
      "ModuleNotFoundError: No module named 'tensorflow'",
    ].join('\n');
    expect(causeInOutput(output)?.code).toBe('TRIAL_MODULE_MISSING');
  });

  it('does not take an earlier error for the one that ended the program', () => {
    const output =
      "ModuleNotFoundError: No module named 'apex'\nusing the slow path\nValueError: shapes do not match";
    expect(causeInOutput(output)).toBeUndefined();
  });

  it('looks past an error that tells of another process', () => {
    const output =
      "ModuleNotFoundError: No module named 'data'\ntorch.distributed.elastic.multiprocessing.errors.ChildFailedError:\n";
    expect(causeInOutput(output)?.code).toBe('TRIAL_MODULE_MISSING');
  });

  it('does not take a warning for an error', () => {
    const output =
      "2026-01-01 12:00:00: W tensorflow/tsl: Could not load library 'libnvinfer.so.7': cannot open shared object file: No such file or directory\nbad luck";
    expect(causeInOutput(output)).toBeUndefined();
  });

  it.each(['', 'epoch 1 loss=0.3', 'ValueError: shapes do not match', 'memory: 3 GiB, disk: 5 GiB'])(
    'finds none in %j',
    (output) => expect(causeInOutput(output)).toBeUndefined(),
  );

  it('does not search lines that are data', () => {
    expect(causeInOutput(`${'x'.repeat(5_000)} No space left on device`)).toBeUndefined();
  });

  it('keeps what it shows short', () => {
    expect(causeInOutput(`${'x'.repeat(1_500)} No space left on device`)?.what.length).toBeLessThan(400);
  });
});
