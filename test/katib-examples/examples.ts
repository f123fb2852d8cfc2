import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { experimentSchema, type Experiment, type ParameterSpec } from '../../core/experiment.ts';
import { checkEarlyStopping } from '../../core/validation/early-stopping.ts';
import { checkRunnableHere } from '../../local/runnable-jobs.ts';
import { algorithmCatalog } from '../../suggestion/algorithm-catalog.ts';
import { ROOT } from '../support/command.ts';

/** Experiments as Katib publishes them lie beside the checkout, not in it. */
const FOLDER = join(ROOT, '../shared/katib-examples');

export const EXAMPLES_ARE_ABSENT = !existsSync(FOLDER);

export interface Example {
  /** Name of the file. */
  file: string;
  path: string;
  experiment: Experiment;
}

/** Every example; none where the folder is absent, so that a suite about them has to be skipped. */
export function katibExamples(): Example[] {
  if (EXAMPLES_ARE_ABSENT) {
    console.log(`Katib's examples are not tested: there is no folder ${FOLDER}.`);
    return [];
  }
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
  return files.map((file) => {
    const path = join(FOLDER, file);
    return { file, path, experiment: experimentSchema.parse(parse(readFileSync(path, 'utf8'))) };
  });
}

/** What an example asks for that is not there. */
export interface Missing {
  algorithm: string | null;
  earlyStopping: string | null;
  isNas: boolean;
  /** A kind of job that nothing on one computer runs. */
  jobKind: string | null;
}

export function missingFor({ experiment }: Example): Missing {
  const { algorithm, earlyStopping, nasConfig, trialTemplate } = experiment.spec;
  const { algorithmName = 'random' } = algorithm ?? {};
  const stops =
    earlyStopping === undefined || [...checkEarlyStopping(earlyStopping, algorithmCatalog)].length === 0;
  const runs = [...checkRunnableHere(experiment)].length === 0;
  return {
    algorithm: algorithmCatalog.names().includes(algorithmName) ? null : algorithmName,
    earlyStopping: stops ? null : earlyStopping.algorithmName,
    isNas: nasConfig !== undefined,
    jobKind: runs ? null : String(trialTemplate.trialSpec?.['kind']),
  };
}

/**
 * The example with what is missing taken out, so that all the rest of it can be tried: a random search in place of an
 * unknown one, no early stopping, and of a network's architecture one that its search could have suggested.
 */
export function runnableVariant(example: Example): Experiment {
  const { algorithm, earlyStopping, isNas } = missingFor(example);
  const variant = structuredClone(example.experiment);
  if (algorithm !== null) variant.spec.algorithm = { algorithmName: 'random' };
  if (earlyStopping !== null) delete variant.spec.earlyStopping;
  if (isNas && algorithm !== null) {
    delete variant.spec.nasConfig;
    variant.spec.parameters = SUGGESTED_NETWORK;
  }
  return variant;
}

/** The two parameters that Katib's architecture search assigns: JSON with single quotes. */
const SUGGESTED_NETWORK: ParameterSpec[] = [
  categorical('architecture', ['[[1]]', '[[2]]', '[[3]]']),
  categorical('nn_config', [
    "{'num_layers': 1, 'input_sizes': [32, 32, 3], 'output_sizes': [10], 'embedding': {" +
      "'1': {'opt_id': 1, 'opt_type': 'convolution', 'opt_params': {'filter_size': '3', 'num_filter': '96'}}, " +
      "'2': {'opt_id': 2, 'opt_type': 'convolution', 'opt_params': {'filter_size': '5', 'num_filter': '32'}}, " +
      "'3': {'opt_id': 3, 'opt_type': 'reduction', 'opt_params': {'reduction_type': 'max_pooling', 'pool_size': 2}}}}",
  ]),
];

function categorical(name: string, list: string[]): ParameterSpec {
  return { name, parameterType: 'categorical', feasibleSpace: { list } };
}
