import fc from 'fast-check';

/*
 * Property tests draw the same cases in every run, so that a change is judged by what it changed. To look further, give
 * them another seed: `PROPERTY_SEED=$RANDOM npm test`.
 */
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 1) });
