import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts message and stack of an error into a payload of their own, which the codec encrypts like any other. Temporal
 * loads this module by its path, in processes and in the workflows' bundle: it may import nothing but
 * @temporalio/common.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
