import type { ComponentType } from 'react';
import type { FormSchema } from './json-form.js';

export interface ValueFieldProps {
  name: string;
  label?: string;
  /** Within the step, such as `input.title`: issues name it so. */
  path: string;
  schema: FormSchema;
  value: unknown;
  isRequired?: boolean;
  /** Texts in it may hold expressions. Where anything may stand they always may. */
  isTemplate: boolean;
  /** Values of the fields beside it. */
  siblings?: Readonly<Record<string, unknown>> | undefined;
  /** Undefined takes the field out. */
  onChange(value: unknown): void;
}

export type ControlProps = ValueFieldProps & {
  label: string;
  control: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string };
};

export interface ObjectFieldsProps {
  path: string;
  schema: FormSchema;
  value: Readonly<Record<string, unknown>>;
  isTemplate: boolean;
  onChange(value: Readonly<Record<string, unknown>>): void;
  /** Fields that are shown elsewhere, or never. */
  without?: readonly string[];
  /** Fields that are shown although they are empty. */
  always?: readonly string[];
  /** What the button says that shows more of them. */
  addLabel?: string;
}

/** What fields that hold fields are made of; handed down, for each is made of the other. */
export interface FieldParts {
  Field: ComponentType<ValueFieldProps>;
  Fields: ComponentType<ObjectFieldsProps>;
}
