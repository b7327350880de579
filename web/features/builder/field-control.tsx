import type { ReactNode } from 'react';
import { Input, Select, TextArea } from '../../components/ui/field.js';
import { ChoicesControl } from './choices-control.js';
import { type CompositeProps, fieldsOf, Group, ListControl, RecordControl } from './composite-controls.js';
import { kindOfField, wordsOf } from './json-form.js';
import { JsonControl, TextsControl } from './leaf-controls.js';
import { ManyChoicesControl } from './many-choices-control.js';

/** What a value is entered with, by its schema. */
export function FieldControl(props: CompositeProps): ReactNode {
  const { name, schema, value, onChange, control, isRequired } = props;
  const given = value === undefined ? '' : String(value);
  const asText = (text: string) => onChange(text === '' && !isRequired ? undefined : text);
  const empty = schema.default === undefined ? 'As usual' : `As usual: ${String(schema.default)}`;
  switch (kindOfField(name, schema)) {
    case 'choice':
      return (
        <Select {...control} value={given} onChange={({ target }) => onChange(target.value || undefined)}>
          {(!isRequired || value === undefined) && <option value="">{empty}</option>}
          {schema.enum?.map((choice) => (
            <option key={String(choice)} value={String(choice)}>
              {wordsOf(String(choice))}
            </option>
          ))}
        </Select>
      );
    case 'boolean':
      return (
        <Select
          {...control}
          value={given}
          onChange={({ target }) => onChange(target.value === '' ? undefined : target.value === 'true')}
        >
          <option value="">{empty}</option>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </Select>
      );
    case 'number':
      return (
        <Input
          {...control}
          type="number"
          min={schema.minimum}
          max={schema.maximum}
          placeholder={schema.default === undefined ? '' : String(schema.default)}
          value={given}
          onChange={({ target }) => onChange(target.value === '' ? undefined : Number(target.value))}
        />
      );
    case 'chosen':
      return <ChoicesControl {...props} />;
    case 'chosen_list':
      return <ManyChoicesControl {...props} />;
    case 'texts':
      return <TextsControl {...props} />;
    case 'list':
      return <ListControl {...props} />;
    case 'object':
      return (
        <Group>
          <props.parts.Fields {...props} value={fieldsOf(value)} />
        </Group>
      );
    case 'record':
      return <RecordControl {...props} />;
    case 'json':
    case 'any':
      return <JsonControl {...props} />;
    case 'long_text':
      return (
        <TextArea
          {...control}
          className={name === 'source' ? 'min-h-48 font-mono text-[12px]' : 'min-h-20'}
          value={given}
          onChange={({ target }) => asText(target.value)}
        />
      );
    default:
      return (
        <Input
          {...control}
          maxLength={schema.maxLength}
          value={given}
          onChange={({ target }) => asText(target.value)}
        />
      );
  }
}
