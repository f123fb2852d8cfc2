import { KatydidError } from '../../core/errors.ts';

/** The text that is wrong. */
export type QueryParameter = 'filter' | 'sort';

export type QueryErrorCode =
  'QUERY_SYNTAX' | 'QUERY_FIELD_UNKNOWN' | 'QUERY_VALUE_INVALID' | 'QUERY_TOO_LARGE';

/** A filter or an order that cannot be understood. */
export class QueryError extends KatydidError {
  override readonly name = 'QueryError';
  readonly parameter: QueryParameter;
  /** Where in the text, from 1; one past its end where something is missing. */
  readonly column: number;

  constructor(details: {
    code: QueryErrorCode;
    parameter: QueryParameter;
    column: number;
    message: string;
    remedy: string;
  }) {
    const { code, parameter, column, message, remedy } = details;
    super(code, `${parameter}, column ${column}: ${message}`, { remedy });
    this.parameter = parameter;
    this.column = column;
  }
}
