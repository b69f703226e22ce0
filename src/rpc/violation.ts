import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { type Path, pathToString } from '@bufbuild/protobuf/reflect';
import type { Violation as RuleViolation } from '@bufbuild/protovalidate';
import type { Violation } from '../domain/errors.js';

/** A broken buf.validate rule in our words: the field's proto path, and a sentence part that follows its name. */
export function toViolation(
  request: DescMessage,
  { field, rule, ruleId, message }: RuleViolation,
): Violation {
  const named = rule.length === 0 ? fieldOfRule(request, field, ruleId) : undefined;
  const path = pathToString(field);
  const name = named?.name ?? lastField(field)?.name;
  return {
    field: named === undefined ? path : path === '' ? named.name : `${path}.${named.name}`,
    description: afterName(message, name),
    rule: ruleId,
  };
}

/** A rule on a whole message has no path of its own: its id begins with the field that it is about. */
function fieldOfRule(request: DescMessage, path: Path, ruleId: string): DescField | undefined {
  const message = path.length === 0 ? request : lastField(path)?.message;
  const name = ruleId.split('.', 1)[0];
  return message?.fields.find((field) => field.name === name);
}

function lastField(path: Path): DescField | undefined {
  const last = path.at(-1);
  const field = last?.kind === 'list_sub' || last?.kind === 'map_sub' ? path.at(-2) : last;
  return field?.kind === 'field' ? field : undefined;
}

function afterName(message: string, name: string | undefined): string {
  for (const subject of ['value', name]) {
    if (subject !== undefined && message.startsWith(`${subject} `)) return message.slice(subject.length + 1);
  }
  return message;
}
